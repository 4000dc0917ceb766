import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { gitCeiling } from "../../src/environment/git-ceiling.ts";

const ceiling = (worktree: string, ...said: readonly string[]) =>
  gitCeiling(
    worktree,
    said.map((each) => ({ GIT_CEILING_DIRECTORIES: each })),
  )["GIT_CEILING_DIRECTORIES"];

test("git looks no higher than the real folder that holds the worktree, nor where the caller and the settings said", () => {
  using place = temporaryFolder();
  mkdirSync(join(place.path, "real/agent-a"), { recursive: true });
  symlinkSync(join(place.path, "real"), join(place.path, "link"));
  const above = realpathSync(join(place.path, "real"));
  expect(ceiling(join(place.path, "link/agent-a"))).toBe(above);
  expect(ceiling(join(place.path, "real/agent-a"), "/home:/mnt", "/net")).toBe(`${above}:/home:/mnt:/net`);
  // Also where orch is started by an agent.
  expect(ceiling(join(place.path, "real/agent-a"), above)).toBe(above);
});

test("a folder with a colon in its path cannot be told to git: what was said by others stays", () => {
  expect(gitCeiling("/a:b/.worktrees/agent-a", [{}])).toEqual({});
  expect(ceiling("/a:b/.worktrees/agent-a", "/home")).toBe("/home");
});
