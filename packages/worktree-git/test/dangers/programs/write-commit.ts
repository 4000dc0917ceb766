// Writes one commit through a hub: `write-commit.ts <repository> <commit>`.
import { openHub, parseOid } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [path = "", commit = ""] = process.argv.slice(2);
const repo = await reopen(path);
using hub = await openHub(repo);
const base = parseOid(commit);
await hub.commit({ tree: await hub.treeOf(base), parents: [base], message: "made here" });
process.stdout.write("written\n");
