import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { livenessOf } from "../../src/processes/liveness.ts";
import { type ProcessIdentity, readIdentity } from "../../src/processes/process-identity.ts";

export interface StartedTree extends Disposable {
  readonly root: ProcessIdentity;
  /** By role: root, child, session, orphan. */
  readonly members: ReadonlyMap<string, ProcessIdentity>;
  /** Roles that still run. */
  alive(): readonly string[];
}

/** A running stubborn tree, all four processes of it there; what is left of it is killed with its scope. */
export async function startedTree(env: Readonly<Record<string, string>> = {}): Promise<StartedTree> {
  const folder = temporaryFolder();
  const file = join(folder.path, "pids");
  const script = join(import.meta.dirname, "stubborn-tree.ts");
  const child = spawn(process.execPath, [script, file], {
    detached: true,
    stdio: "ignore",
    env: { PATH: process.env["PATH"], ...env },
  });
  const root = readIdentity(child.pid ?? 0);
  const members = await until("all four processes are there", () => {
    const seen = pidsIn(file).flatMap(([role, pid]) => {
      const identity = role === "root" ? root : readIdentity(Number(pid));
      return identity === undefined ? [] : [[role, identity] as const];
    });
    return seen.length === 4 ? new Map(seen) : undefined;
  });
  const alive = (): string[] =>
    [...members].flatMap(([role, one]) => (livenessOf(one) === "alive" ? [role] : [])).sort();
  return {
    root: members.get("root") as ProcessIdentity,
    members,
    alive,
    [Symbol.dispose]: () => {
      for (const one of members.values()) if (livenessOf(one) === "alive") process.kill(one.pid, "SIGKILL");
      folder[Symbol.dispose]();
    },
  };
}

function pidsIn(file: string): readonly (readonly [string, string])[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => line.split(" ") as [string, string]);
  } catch {
    return [];
  }
}
