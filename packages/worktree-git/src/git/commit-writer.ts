import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Oid, parseOid } from "../object-id.ts";
import type { Person } from "../repository/repository.ts";
import type { HubCallPlace } from "./hub-call-place.ts";
import { openLineProcess } from "./line-process.ts";

export interface CommitText {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  /** Seconds since 1970. */
  readonly at: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** Writes many commits through one running `git hash-object`, which checks each; unsynced. */
export interface CommitWriter extends Disposable {
  write(commit: CommitText): Promise<Oid>;
}

export function openCommitWriter({ cwd, variables }: HubCallPlace): CommitWriter {
  const options = ["-t", "commit", "-w", "--no-filters", "--stdin-paths"];
  const lines = openLineProcess({ command: "hash-object", options, cwd, variables, parse: parseLine });
  return {
    async write(commit) {
      const path = join(tmpdir(), `orchard-commit-${randomBytes(12).toString("hex")}`);
      await writeFile(path, commitText(commit), { flag: "wx", mode: 0o600 });
      try {
        return parseOid(await lines.ask(path));
      } finally {
        await rm(path, { force: true });
      }
    },
    [Symbol.dispose]: () => lines[Symbol.dispose](),
  };
}

/** A commit object as git stores it. */
export function commitText({ tree, parents, author, committer, message, at, offset }: CommitText): string {
  const stamp = ({ name, email }: Person) => `${clean(name)} <${clean(email)}> ${at} ${zone(offset)}`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${stamp(author)}`,
    `committer ${stamp(committer)}`,
  ];
  return `${lines.join("\n")}\n\n${message.replaceAll("\0", "")}`;
}

/** What would end the line, or the address, has no place in a name. */
function clean(text: string): string {
  return text.replace(/[<>\n\r\0]/g, "").trim();
}

function zone(offset: number): string {
  const minutes = Math.abs(offset);
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60))}${digits(minutes % 60)}`;
}

function parseLine(bytes: Buffer): { readonly answer: string; readonly length: number } | number {
  const end = bytes.indexOf(0x0a);
  return end === -1 ? bytes.length + 1 : { answer: bytes.toString("latin1", 0, end), length: end + 1 };
}
