import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { processTree } from "@orchard/host";
import { type NodeProcess, startNode } from "@orchard/testkit";

/** Kills a process and all that it started, at once: what a power switch for one program would do. */
export function killAll(child: NodeProcess): void {
  for (const { pid } of processTree(child.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended by itself in between
    }
  }
}

/**
 * A `git` for the PATH that kills its caller, then itself, before or after its `at`th call; 0 only counts.
 * The caller dies without a chance to clean up, at a step that is the same in every run.
 */
export function killingGit(folder: string): {
  env(at: number, when: "before" | "after"): NodeJS.ProcessEnv;
  calls(): number;
} {
  let count = "";
  const real = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((each) => join(each, "git"))
    .find((path) => existsSync(path));
  mkdirSync(join(folder, "bin"), { recursive: true });
  const script = join(folder, "bin/git");
  writeFileSync(
    script,
    `#!/bin/sh
n=1; while ! mkdir "$KILL_COUNT/$n" 2>/dev/null; do n=$((n + 1)); done
[ "$n$KILL_WHEN" = "\${KILL_AT}before" ] && { kill -9 $PPID; kill -9 $$; }
"${real}" "$@"; code=$?
[ "$n$KILL_WHEN" = "\${KILL_AT}after" ] && { kill -9 $PPID; kill -9 $$; }
exit $code
`,
  );
  chmodSync(script, 0o755);
  return {
    env: (at, when) => {
      count = mkdtempSync(join(folder, "count-"));
      return {
        PATH: join(folder, "bin") + delimiter + process.env["PATH"],
        KILL_COUNT: count,
        KILL_AT: String(at),
        KILL_WHEN: when,
        HOME: "/nonexistent",
      };
    },
    calls: () => readdirSync(count).length,
  };
}

/** Starts one of the small programs in `test/dangers/programs`. */
export function startProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): NodeProcess {
  return startNode(join(import.meta.dirname, "../dangers/programs", `${name}.ts`), args, {
    env: { HOME: "/nonexistent", ...env },
  });
}

/** Rounds of a danger suite: few by default, many with `ORCHARD_LONG=1`. */
export function rounds(short: number, long: number): number {
  return process.env["ORCHARD_LONG"] === "1" ? long : short;
}
