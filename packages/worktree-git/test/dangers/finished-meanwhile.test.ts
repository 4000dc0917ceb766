import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { identityOfChild } from "@orchard/host";
import { expect, test } from "vitest";
import { readWorktrees } from "../../src/index.ts";
import { type Opened, opened } from "../helpers/opened.ts";

/** What a process says that is about to make the worktree at `path`, and that is gone by now. */
async function intentOfTheDead(path: string): Promise<string> {
  const child = spawn("true");
  const owner = identityOfChild(child.pid);
  await once(child, "exit");
  return JSON.stringify({ token: "of-the-dead", path, reason: "lane a", owner });
}

function intentFile(o: Opened): string {
  return join(o.repo.stateDir, "adding", "of-the-dead.json");
}

async function isListed(o: Opened, path: string): Promise<boolean> {
  return (await readWorktrees(o.repo)).byPath(path) !== undefined;
}

test("a worktree whose maker came to its end and left while another process was reading of it stays", async () => {
  using o = await opened();
  const path = await o.addLane("a");
  const intent = await intentOfTheDead(path);
  // Held in the middle of reading: until now its maker is at it, then it is done, takes the file away and ends.
  execFileSync("mkfifo", [intentFile(o)]);
  const another = o.addLane("b");
  const pipe = await open(intentFile(o), "w");
  rmSync(intentFile(o));
  await pipe.writeFile(intent);
  await pipe.close();
  await another;
  expect(await isListed(o, path)).toBe(true);
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("");
});

test("control: where the file stays, its maker never came to the end, and what it made is put aside", async () => {
  using o = await opened();
  const path = await o.addLane("a");
  writeFileSync(intentFile(o), await intentOfTheDead(path));
  await o.addLane("b");
  expect(await isListed(o, path)).toBe(false);
  expect([existsSync(path), existsSync(intentFile(o))]).toEqual([false, false]);
});
