import { addWorktree, branchRef, parseOid } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", lane = "", start = ""] = process.argv.slice(2);
const repo = await reopen(path);
await addWorktree(repo, {
  path: lane,
  branch: branchRef("lane-y"),
  start: parseOid(start),
  reason: "lane y",
  pool: true,
});
