import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { identityOf, type ProcessIdentity } from "./process-identity.ts";
import { type ProcessRow, readProcessTable } from "./process-table.ts";

/**
 * The process with that number and all that descend from it, parents before children. Processes of its session
 * or group belong to it too, when it leads one: they stay findable after their parents ended.
 */
export function processTree(pid: number): readonly ProcessIdentity[] {
  return treeRows(pid, readProcessTable()).map((row) => identityOf(row.pid, row.startTime));
}

/** {@link processTree} on a table that was read before. */
export function treeRows(pid: number, table: readonly ProcessRow[]): readonly ProcessRow[] {
  const children = Map.groupBy(table, (row) => row.parent);
  const found = new Map<number, ProcessRow>();
  const queue = table.filter((row) => row.pid === pid || row.session === pid || row.group === pid);
  for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
    if (found.has(row.pid) || row.pid <= 1) continue;
    if (row.state !== "ended") found.set(row.pid, row);
    queue.push(...(children.get(row.pid) ?? []));
  }
  return [...found.values()];
}

/**
 * The live processes that were started with `variable=value` in their environment, wherever they hang in the
 * tree. A process that was started under `env -i`, by another user or in a container is not found so.
 */
export function processesMarked(variable: string, value: string): readonly ProcessIdentity[] {
  const mark = `${variable}=${value}`;
  const isMarked = process.platform === "linux" ? hasInEnvironment : isShownByPs;
  return readProcessTable()
    .filter((row) => row.state !== "ended" && isMarked(row, mark))
    .map((row) => identityOf(row.pid, row.startTime));
}

/** What {@link processesWithMark} finds of one process. */
export interface MarkedProcess {
  readonly process: ProcessIdentity;
  readonly value: string;
}

/** The live processes that were started with `variable` in their environment, each with its value. */
export function processesWithMark(variable: string): readonly MarkedProcess[] {
  return readProcessTable().flatMap((row) => {
    if (row.state === "ended" || isOfKernel(row)) return [];
    const environment = environmentOf(row.pid);
    const mark = environment.find((each) => each.startsWith(`${variable}=`));
    return mark === undefined
      ? []
      : [{ process: identityOf(row.pid, row.startTime), value: mark.slice(variable.length + 1) }];
  });
}

function environmentOf(pid: number): readonly string[] {
  if (process.platform === "linux") return (readText(`/proc/${pid}/environ`) ?? "").split("\0");
  try {
    return execFileSync("ps", ["-E", "-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" }).split(/\s+/);
  } catch {
    return [];
  }
}

/** The live processes that work inside `folder` (a real path): its working directory is the folder or below. */
export function processesInside(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  if (process.platform !== "linux") return insideByLsof(folder);
  return readProcessTable()
    .filter((row) => row.state !== "ended" && isInside(workingFolder(row.pid), folder))
    .map(({ pid }) => ({ pid, command: commandOf(pid) }));
}

/**
 * In the middle of an exec a process shows no environment, and would be missed by a sweep that comes right then:
 * an empty one is looked at again until it is filled, or proves to be empty in truth.
 */
function hasInEnvironment(row: ProcessRow, mark: string): boolean {
  if (isOfKernel(row)) return false;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const environment = readText(`/proc/${row.pid}/environ`);
    if (environment !== "") return environment?.split("\0").includes(mark) ?? false;
    if (look >= SURE_LOOKS && readText(`/proc/${row.pid}/cmdline`) !== "") return false;
    Atomics.wait(NEVER_WOKEN, 0, 0, 1);
  }
  return false;
}

const SURE_LOOKS = 3;
const MOST_LOOKS = 50;
const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));

/** Threads of the kernel, whose parent is number 2, never have an environment. */
function isOfKernel(row: ProcessRow): boolean {
  return row.pid === 2 || row.parent === 2;
}

function isShownByPs(row: ProcessRow, mark: string): boolean {
  try {
    const shown = execFileSync("ps", ["-E", "-ww", "-o", "command=", "-p", String(row.pid)], { encoding: "utf8" });
    return shown.split(/\s+/).includes(mark);
  } catch {
    return false;
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** The kernel writes ` (deleted)` behind the path of a folder that is gone. */
function isInside(path: string | undefined, folder: string): boolean {
  const place = path?.replace(/ \(deleted\)$/, "");
  return place !== undefined && (place === folder || place.startsWith(folder + sep));
}

function commandOf(pid: number): string {
  const line = (readText(`/proc/${pid}/cmdline`) ?? "").replace(/\0+$/, "").replaceAll("\0", " ");
  return line === "" ? (readText(`/proc/${pid}/comm`) ?? "").trim() : line;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

function insideByLsof(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  try {
    const shown = execFileSync("lsof", ["-a", "-d", "cwd", "-Fpcn"], { encoding: "utf8" });
    const found: { pid: number; command: string }[] = [];
    let pid = 0;
    let command = "";
    for (const line of shown.split("\n")) {
      if (line.startsWith("p")) pid = Number(line.slice(1));
      if (line.startsWith("c")) command = line.slice(1);
      if (line.startsWith("n") && isInside(line.slice(1), folder)) found.push({ pid, command });
    }
    return found;
  } catch {
    return [];
  }
}
