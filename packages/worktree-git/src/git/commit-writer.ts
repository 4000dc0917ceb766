import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
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

/**
 * Writes many commits through one running `git hash-object`, which checks each; unsynced. It takes paths only: each text
 * lies in a file of the hub for a moment. What a killed writer left there the next one removes.
 */
export interface CommitWriter extends Disposable {
  write(commit: CommitText): Promise<Oid>;
}

export function openCommitWriter({ cwd, variables }: HubCallPlace): CommitWriter {
  const options = ["-t", "commit", "-w", "--no-filters", "--stdin-paths"];
  const lines = openLineProcess({ command: "hash-object", options, cwd, variables, parse: parseLine });
  let swept: Promise<void> | undefined;
  return {
    async write(commit) {
      swept ??= emptied(join(cwd, FOLDER));
      await swept;
      // Relative to the process's folder: whatever the repository's path holds, a line ends where it ends.
      const name = `${FOLDER}/${randomBytes(12).toString("hex")}`;
      await writeFile(join(cwd, name), commitText(commit), { flag: "wx", mode: 0o600 });
      try {
        return parseOid(await lines.ask(name));
      } finally {
        await rm(join(cwd, name), { force: true });
      }
    },
    [Symbol.dispose]: () => lines[Symbol.dispose](),
  };
}

const FOLDER = "commits-in-writing";
/** A text lies there for some milliseconds; nobody waits an hour for git to read it. */
const FORGOTTEN_MS = 3_600_000;

async function emptied(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > FORGOTTEN_MS) await rm(path, { force: true });
  }
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
