import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isOrchardError, isSystemError } from "@orchard/kernel";
import type { Lane } from "@orchard/tracker-core";
import { commitEverything, inspectWorktree, type Oid, parseOid } from "@orchard/worktree-git";
import type { Shortfall } from "../execute/shortfall.ts";
import { dirtyPaths } from "../orchard/dirty-paths.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { requirePlainFolder } from "./generated-folder.ts";
import { parseProbeResult } from "./parse-probe-result.ts";
import { reportFile, resultFile } from "./probe-files.ts";
import { probeReport } from "./probe-report.ts";
import { LARGEST_RESULT, type ProbeResult } from "./probe-result.ts";

/**
 * Judges what a probe left in its worktree, and commits its two files for it: the result is there, no larger than it may
 * be, valid and its own, and nothing else was changed. Anything else is a shortfall; the files stay where they are.
 */
export async function judgeProbe(orchard: Orchard, lane: Lane, folder: string): Promise<Oid | Shortfall> {
  const probe = lane.definition.probe ?? "";
  const way = await whyNotPlainFolder(folder);
  if (way !== undefined) return { cause: "bad-result", reason: way };
  const files = [resultFile(probe), reportFile(probe)];
  const [size, reportSize] = await Promise.all(files.map((file) => sizeOf(join(folder, file))));
  const wrong = whatIsWrong(resultFile(probe), size) ?? whatIsWrong(reportFile(probe), reportSize ?? 0);
  if (wrong !== undefined) return wrong;
  const written = readResult(await readFile(join(folder, resultFile(probe)), "utf8"), probe);
  if ("cause" in written) return written;
  if (reportSize === undefined) {
    await writeFile(join(folder, reportFile(probe)), probeReport(written), { flag: "wx" });
  }
  const repository = await orchard.repository();
  await commitEverything(repository, folder, { message: `Probe ${probe}\n`, only: files });
  const seen = await inspectWorktree(repository, folder);
  const head = seen.head;
  const start = parseOid(lane.worktree?.start ?? "");
  if (head === undefined || !(await repository.isAncestor(start, head))) {
    return { cause: "history-rewritten", reason: "the branch no longer contains the commit that it started from" };
  }
  const changed = (await repository.changedPaths(start, head)).map(({ path }) => path);
  const others = [...new Set([...changed, ...dirtyPaths(seen)])].filter((path) => !files.includes(path));
  if (others.length > 0) return { cause: "other-files", reason: sayOthers(files, others) };
  // What git committed counts: its line ends may be others than those of the file.
  const committed = readResult((await repository.readFileAt(head, resultFile(probe)))?.toString("utf8") ?? "", probe);
  if ("cause" in committed) return committed;
  if (isDeepStrictEqual(committed, written)) return head;
  return { cause: "bad-result", reason: `${resultFile(probe)} was changed while it was looked at` };
}

function whatIsWrong(file: string, size: Awaited<ReturnType<typeof sizeOf>>): Shortfall | undefined {
  if (size === undefined) return { cause: "no-result", reason: `it ended without writing ${file}` };
  if (size === "no plain file") return { cause: "bad-result", reason: `${file} is no plain file` };
  if (size <= LARGEST_RESULT) return undefined;
  return { cause: "bad-result", reason: `${file} has ${size} bytes, ${LARGEST_RESULT} are allowed` };
}

/** A link in place of the folder would have the report written elsewhere. */
async function whyNotPlainFolder(worktree: string): Promise<string | undefined> {
  try {
    await requirePlainFolder(worktree);
    return undefined;
  } catch (error) {
    if (!isOrchardError(error, "GENERATED_FOLDER")) throw error;
    return error.message;
  }
}

async function sizeOf(path: string): Promise<number | "no plain file" | undefined> {
  try {
    const seen = await lstat(path);
    return seen.isFile() ? seen.size : "no plain file";
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

function readResult(text: string, probe: string): ProbeResult | Shortfall {
  try {
    return parseProbeResult(text, { probe, source: resultFile(probe) });
  } catch (error) {
    if (!isOrchardError(error, "INVALID_INPUT")) throw error;
    return { cause: "bad-result", reason: `its result is not valid: ${error.message}` };
  }
}

function sayOthers(files: readonly string[], others: readonly string[]): string {
  const more = others.length > 5 ? `, and ${others.length - 5} more` : "";
  return `a probe changes only ${files.join(" and ")}; it changed ${others.slice(0, 5).join(", ")}${more}`;
}
