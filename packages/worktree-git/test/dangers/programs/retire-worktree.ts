import { join } from "node:path";
import { removeWorktree, verifyRemovable } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", lane = ""] = process.argv.slice(2);
const repo = await reopen(path);
const verdict = await verifyRemovable(repo, { path: lane, recordedRoot: join(path, ".worktrees") });
if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
await removeWorktree(repo, verdict.worktree, { name: "x", retire: { atMost: 1 } });
