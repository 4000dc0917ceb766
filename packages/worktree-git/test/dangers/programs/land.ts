import { branchRef, landedRef, openHub, parseOid } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

/** Lands each commit on `refs/orch/landed/main`: merge, make durable, compare-and-swap; beaten, it merges again. */
const [path = "", mode = "", ...tips] = process.argv.slice(2);
const repo = await reopen(path);
const ref = landedRef(branchRef("main"));
using hub = await openHub(repo);
for (const tip of tips.map(parseOid)) {
  for (;;) {
    const ours = (await repo.resolve(ref))!;
    const merge = await hub.merge({ ours, theirs: tip });
    if (merge.kind !== "merged") throw new Error(`${tip}: ${merge.kind}`);
    const commit = await hub.commit({ tree: merge.tree, parents: [ours, tip], message: "Land\n" });
    await repo.makeDurable(commit, ours);
    const seen = mode === "blind" ? (await repo.resolve(ref))! : ours;
    if ((await repo.moveRef(ref, commit, seen, "landed")) === "moved") break;
  }
}
