import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder, until } from "@orchard/testkit";
import { describe, expect, test } from "vitest";
import {
  addWorktree,
  branchRef,
  inspectWorktree,
  type Oid,
  parseOid,
  recoverAdvance,
  setChangesAside,
} from "../../src/index.ts";
import { startProgram } from "../helpers/kill.ts";
import { type Opened, opened } from "../helpers/opened.ts";

/** A git whose `$SLOW` begins, waits until it may go on, and says when it has ended. `HIDE`: it loses its mark. */
const SLOW_GIT = `#!/bin/sh
if [ -n "$HIDE" ]; then exec env -u ORCH_GIT_CALL HIDE= "$0" "$@"; fi
self=$(dirname "$0")
PATH=\${PATH#*:}
for word in "$@"; do
  if [ "$word" = "$SLOW" ]; then
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
  using bin = await checkoutLeftRunning(addOf(o));
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
  using bin = await checkoutLeftRunning({ ...addOf(o), hide: true });
  await addAgain(o);
  expect(hasEnded(bin)).toBe(false);
  writeFileSync(join(bin.path, "go"), "");
  await until("the old checkout ends", () => hasEnded(bin), { within: 30_000 });
});

describe("what goes on in a checkout waits for the git that a dead process left writing there", () => {
  const cases: readonly (readonly [string, string, (o: Opened, from: Oid) => Left, Again])[] = [
    [
      "the recovery of an undo",
      "checkout-index",
      (o, from) => ({ program: "retreat", args: [o.git.path, from, o.base] }),
      async (o) => recoverAdvance(o.repo),
    ],
    [
      "the next look at what verify left",
      "read-tree",
      (o, from) => ({ program: "set-changes-aside", args: [o.git.path, from, join(o.git.path, ".git/aside")] }),
      async (o, from) => setChangesAside(o.repo, o.git.path, { commit: from, to: join(o.git.path, ".git/aside-2") }),
    ],
  ];
  test.each(cases)("%s", async (_name, slow, left, again) => {
    using o = await opened({ "a.txt": "a\n" });
    const from = parseOid(o.git.commit("newer", { "a.txt": "newer\n" }));
    if (slow === "read-tree") o.git.write({ "a.txt": "left by verify\n" });
    using bin = await checkoutLeftRunning({ ...left(o, from), slow });
    const whole = again(o, from).then(() => hasEnded(bin));
    // Whoever does not wait is done by then; whoever waits is not waited for.
    await Promise.race([whole, pause(1_500)]);
    writeFileSync(join(bin.path, "go"), "");
    expect(await whole).toBe(true);
    expect(o.git.git(["status", "--porcelain"])).toBe("");
  });

  test.each(cases)("control: %s does not see one without the mark", async (_name, slow, left, again) => {
    using o = await opened({ "a.txt": "a\n" });
    const from = parseOid(o.git.commit("newer", { "a.txt": "newer\n" }));
    if (slow === "read-tree") o.git.write({ "a.txt": "left by verify\n" });
    using bin = await checkoutLeftRunning({ ...left(o, from), slow, hide: true });
    await again(o, from);
    expect(hasEnded(bin)).toBe(false);
    writeFileSync(join(bin.path, "go"), "");
    await until("the old git ends", () => hasEnded(bin), { within: 30_000 });
  });
});

interface Left {
  readonly program: string;
  readonly args: readonly string[];
}

type Again = (o: Opened, from: Oid) => Promise<unknown>;

const addOf = (o: Opened) => ({ program: "add-worktrees", args: [o.git.path, "a"], slow: "read-tree" });

/** A program is killed while its git writes files; that git goes on. */
async function checkoutLeftRunning({
  program,
  args,
  slow,
  hide,
}: Left & { readonly slow: string; readonly hide?: boolean }) {
  const bin = temporaryFolder("slow git");
  writeFileSync(join(bin.path, "git"), SLOW_GIT);
  chmodSync(join(bin.path, "git"), 0o755);
  const env = { PATH: `${bin.path}:${process.env["PATH"]}`, SLOW: slow, ...(hide === true ? { HIDE: "1" } : {}) };
  const started = startProgram(program, args, env);
  await until("its git writes", () => existsSync(join(bin.path, "begun")), { within: 30_000 });
  started.child.kill("SIGKILL");
  await started.ended;
  return bin;
}

function addAgain(o: Opened) {
  const branch = branchRef("lane-a");
  return addWorktree(o.repo, { path: o.lanePath("a"), branch, start: o.base, reason: "lane a" });
}

function hasEnded({ path }: { readonly path: string }): boolean {
  return existsSync(join(path, "ended"));
}
