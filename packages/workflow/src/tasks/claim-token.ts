import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, readWhole, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import type { ClaimProof, TaskName } from "@orchard/tracker-core";
import type { Asker } from "./desk.ts";
import { gitDirNotWritable } from "./errors.ts";

/** What a worktree holds of a claim: the token is the right, everybody else knows only its hash. */
export interface ClaimToken {
  readonly token: string;
  /** 0 until the claim is on record. */
  readonly epoch: number;
  readonly agent: string;
}

export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function proofOf({ token, epoch }: ClaimToken): ClaimProof {
  return { epoch, tokenHash: hashOfToken(token) };
}

export async function readToken(asker: Asker, name: TaskName): Promise<ClaimToken | undefined> {
  try {
    const bytes = await readWhole(nodeFiles, tokenPath(asker, name));
    const found: unknown = JSON.parse(bytes?.toString("utf8") ?? "null");
    return isToken(found) ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Durable, readable by this user alone. Throws `GIT_DIR_NOT_WRITABLE`. */
export async function keepToken(asker: Asker, name: TaskName, token: ClaimToken): Promise<void> {
  try {
    await writeDurable(nodeFiles, tokenPath(asker, name), `${JSON.stringify(token)}\n`, { mode: 0o600 });
  } catch (error) {
    if (isSystemError(error, "EACCES", "EROFS", "EPERM")) throw gitDirNotWritable(asker.stateFolder, error.code);
    throw error;
  }
}

/** The claim has ended. */
export async function dropToken(asker: Asker, name: TaskName): Promise<void> {
  await rm(tokenPath(asker, name), { force: true });
}

function tokenPath({ stateFolder }: Asker, { spec, task }: TaskName): string {
  return join(stateFolder, `claim-${spec}-${task}.json`);
}

function isToken(found: unknown): found is ClaimToken {
  if (typeof found !== "object" || found === null) return false;
  const { token, epoch, agent } = found as Partial<ClaimToken>;
  return typeof token === "string" && typeof epoch === "number" && typeof agent === "string";
}
