import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { addWorktree, branchRef, inspectWorktree } from "../../src/index.ts";
import { startProgram } from "../helpers/kill.ts";
import { type Opened, opened } from "../helpers/opened.ts";

/** A git whose checkout begins, waits until it may go on, and says when it has ended. `HIDE`: it loses its mark. */
const SLOW_GIT = `#!/bin/sh
if [ -n "$HIDE" ]; then exec env -u ORCH_GIT_CALL HIDE= "$0" "$@"; fi
self=$(dirname "$0")
PATH=\${PATH#*:}
for word in "$@"; do
  if [ "$word" = read-tree ]; then
    touch "$self/begun"
    while [ ! -e "$self/go" ]; do sleep 0.05; done
    git "$@"
    touch "$self/ended"
    exit 0
  fi
done
exec git "$@"
`;

test("a checkout that outlives its starter is waited for before its worktree is put aside and made anew", async () => {
  using o = await opened();
  using bin = await checkoutLeftRunning(o);
  const again = addAgain(o);
  const intents = () => readdirSync(join(o.repo.stateDir, "adding")).length;
  await until("the next one has begun", () => intents() === 2, { within: 30_000 });
  writeFileSync(join(bin.path, "go"), "");
  expect(await again).toMatchObject({ head: o.base, made: true });
  expect(hasEnded(bin)).toBe(true);
  const { staged, unstaged, untracked, indexLock } = await inspectWorktree(o.repo, o.lanePath("a"));
  expect([staged.count, unstaged.count, untracked.count, indexLock]).toEqual([0, 0, 0, false]);
});

test("control: a checkout without the mark is not seen, and the worktree is made while it still runs", async () => {
  using o = await opened();
  using bin = await checkoutLeftRunning(o, { HIDE: "1" });
  await addAgain(o);
  expect(hasEnded(bin)).toBe(false);
  writeFileSync(join(bin.path, "go"), "");
  await until("the old checkout ends", () => hasEnded(bin), { within: 30_000 });
});

/** A program that makes worktree `a` is killed while its git checks out; that git goes on. */
async function checkoutLeftRunning(o: Opened, env: NodeJS.ProcessEnv = {}) {
  const bin = temporaryFolder("slow git");
  writeFileSync(join(bin.path, "git"), SLOW_GIT);
  chmodSync(join(bin.path, "git"), 0o755);
  const PATH = `${bin.path}:${process.env["PATH"]}`;
  const program = startProgram("add-worktrees", [o.git.path, "a"], { ...env, PATH });
  await until("the checkout has begun", () => existsSync(join(bin.path, "begun")), { within: 30_000 });
  program.child.kill("SIGKILL");
  await program.ended;
  return bin;
}

function addAgain(o: Opened) {
  const branch = branchRef("lane-a");
  return addWorktree(o.repo, { path: o.lanePath("a"), branch, start: o.base, reason: "lane a" });
}

function hasEnded({ path }: { readonly path: string }): boolean {
  return existsSync(join(path, "ended"));
}
