import { isUtf8 } from "node:buffer";
import { isOid, type Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "./repository.ts";

/** Where every local branch stands, read in one call. Branches whose names are not UTF-8 are left out. */
export async function branchTips(repo: Repository): Promise<ReadonlyMap<RefName, Oid>> {
  const { stdout } = await repo.door.inRepository({
    command: "for-each-ref",
    options: ["--format=%(objectname) %(refname)"],
    values: ["refs/heads/"],
  });
  const tips = new Map<RefName, Oid>();
  for (const line of linesOf(stdout)) {
    const text = line.toString("utf8");
    const commit = text.slice(0, text.indexOf(" "));
    if (isUtf8(line) && isOid(commit)) tips.set(text.slice(commit.length + 1) as RefName, commit);
  }
  return tips;
}

function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
