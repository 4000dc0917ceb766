import { join } from "node:path";
import { addWorktree, branchRef } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", ...names] = process.argv.slice(2);
const repo = await reopen(path);
const start = (await repo.resolve(branchRef("main")))!;
const made = await Promise.all(
  names.map((name) =>
    addWorktree(repo, {
      path: join(path, ".worktrees", `agent-${name}`),
      branch: branchRef(`lane-${name}`),
      start,
      reason: `lane ${name}`,
    }),
  ),
);
console.log(JSON.stringify(made));
