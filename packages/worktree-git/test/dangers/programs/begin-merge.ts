import { beginMerge, branchRef, type Oid } from "../../../src/index.ts";
import { reopen } from "../../helpers/opened.ts";

const [repository = "", path = "", ours, theirs, base] = process.argv.slice(2);
const repo = await reopen(repository);
await beginMerge(repo, {
  path,
  branch: branchRef("resolve-x"),
  ours: ours as Oid,
  theirs: theirs as Oid,
  base: base as Oid,
  message: "Take out",
});
