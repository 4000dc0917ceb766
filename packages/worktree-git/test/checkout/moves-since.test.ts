import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { HERMETIC_GIT } from "@orchard/testkit";
import { expect, test } from "vitest";
import { movesSince } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test("what moved the main checkout's HEAD since then is told, without our own moves and those in worktrees", async () => {
  using o = await opened();
  const then = Date.parse(HERMETIC_GIT["GIT_COMMITTER_DATE"] ?? "");
  const lane = await o.addLane("x");
  o.git.commit("in the lane", {}, lane);
  o.git.commit("here");
  o.git.git(["reset", "-q", "--hard"]);
  const ours = `${o.base} ${o.base} Ada <ada@example.invalid> ${then / 1000} +0000\torchard: moved\n`;
  appendFileSync(join(o.repo.place.commonDir, "logs/HEAD"), ours);
  const moves = ["commit (initial): first", "commit: here", "reset: moving to HEAD"];
  expect(await movesSince(o.repo, then + 900)).toEqual(moves);
  expect(await movesSince(o.repo, then + 1_000)).toEqual([]);
});
