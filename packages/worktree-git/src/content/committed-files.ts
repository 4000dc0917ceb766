import { isUtf8 } from "node:buffer";
import { splitNul } from "../git/paths.ts";
import { type Oid, parseOid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";

/** A file as a commit has it, links and sub-modules too. */
export interface CommittedFile {
  readonly path: string;
  /** `100644`, `100755`, `120000` for a link, `160000` for a sub-module. */
  readonly mode: string;
  readonly oid: Oid;
  /** Bytes; 0 for a sub-module. */
  readonly size: number;
}

/**
 * The files of a commit in git's own order, below `folder` when one is given. A name that is not UTF-8 is left out:
 * nothing could name it in JSON.
 */
export async function committedFiles(
  { door }: Repository,
  commit: Oid,
  folder?: string,
): Promise<readonly CommittedFile[]> {
  const { stdout } = await door.inHub({
    command: "ls-tree",
    options: ["-r", "-l", "-z", "--full-tree"],
    values: [commit, ...(folder === undefined ? [] : [`${folder}/`])],
  });
  return splitNul(stdout).flatMap((entry) => {
    const tab = entry.indexOf(0x09);
    const name = entry.subarray(tab + 1);
    if (!isUtf8(name)) return [];
    const [mode = "", , oid = "", size = ""] = entry.toString("latin1", 0, tab).split(/ +/);
    return [{ path: name.toString("utf8"), mode, oid: parseOid(oid), size: size === "-" ? 0 : Number(size) }];
  });
}

/** Whether it is a file whose bytes are its content: no link, no sub-module. */
export function isPlainFile({ mode }: Pick<CommittedFile, "mode">): boolean {
  return mode === "100644" || mode === "100755";
}
