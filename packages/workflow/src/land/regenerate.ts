import { lstat, mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { type Command, isGreen, shownCommand, shownEnd } from "@orchard/tracker-core";
import type { Hub, MergeRequest, Oid } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { endLeftovers, verifyMark } from "../verify/leftovers.ts";
import { runInCheckout } from "../verify/run-in-checkout.ts";
import { inScratch } from "../verify/verify-merged.ts";

export interface ToRegenerate {
  readonly subject: string;
  readonly request: MergeRequest;
  /** The merged tree; files in conflict hold markers. */
  readonly tree: Oid;
  /** Regenerable files in conflict. */
  readonly conflicted: readonly string[];
}

export type Regenerated =
  | { readonly kind: "made"; readonly tree: Oid; readonly files: readonly string[] }
  | { readonly kind: "failed"; readonly files: readonly string[]; readonly reason: string }
  | { readonly kind: "interrupted" };

/**
 * Makes the regenerable files anew that conflict or that both sides changed: the merged tree is checked out in our own
 * worktree with our side's version of them, their commands are run there, and what then stands at just these paths
 * goes into the tree. Nothing else that a command writes is taken. `failed` names the files that stay in conflict.
 */
export async function regenerate(worker: Worker, work: ToRegenerate): Promise<Regenerated> {
  const { config } = await worker.orchard.config();
  const hub = await worker.orchard.hub();
  const files: string[] = [];
  for (const path of Object.keys(config.regenerate)) {
    if (work.conflicted.includes(path) || (await isChangedByBoth(hub, work.request, path))) files.push(path);
  }
  if (files.length === 0) return { kind: "made", tree: work.tree, files };
  const start = await withOurVersions(hub, work, files);
  if (typeof start !== "string") return { kind: "failed", files, reason: start.reason };
  const commands = distinct(files.map((path) => config.regenerate[path] ?? ""));
  const made = await inScratch(worker, `make ${files.join(", ")} anew`, async (scratch) => {
    await scratch.checkout(start);
    const failure = await runAll(worker, { subject: work.subject, commit: start, folder: scratch.path, commands });
    return failure ?? (await readAll(scratch.path, files));
  });
  if (made === "interrupted") return { kind: "interrupted" };
  if (typeof made === "string") return { kind: "failed", files, reason: made };
  let { tree } = work;
  for (const [path, content] of made) tree = (await hub.replaceFile({ tree, path, content })) ?? tree;
  worker.orchard.ports.report({ type: "regenerated", subject: work.subject, files });
  return { kind: "made", tree, files };
}

async function isChangedByBoth(hub: Hub, { ours, theirs, base }: MergeRequest, path: string): Promise<boolean> {
  const fork = base ?? (await hub.repo.mergeBase(ours, theirs));
  if (fork === undefined) return false;
  const [before, one, two] = await Promise.all([fork, ours, theirs].map((commit) => hub.fileAt(commit, path)));
  if (one === undefined || two === undefined || one.equals(two)) return false;
  return before === undefined || (!one.equals(before) && !two.equals(before));
}

/** The merged tree with our side's version of the files, so that a command finds no conflict markers in them. */
async function withOurVersions(
  hub: Hub,
  { tree, request }: ToRegenerate,
  files: readonly string[],
): Promise<Oid | { readonly reason: string }> {
  let start = tree;
  for (const path of files) {
    const content = await hub.fileAt(request.ours, path);
    const next = content && (await hub.replaceFile({ tree: start, path, content }));
    if (next === undefined) return { reason: `${path} is not a file on both sides, so it cannot be made anew` };
    start = next;
  }
  return hub.commit({ tree: start, parents: [request.ours], message: `With ${files.join(", ")} to be made anew\n` });
}

/** Why a command failed; `undefined`: none did. */
async function runAll(
  worker: Worker,
  {
    commands,
    ...at
  }: {
    readonly subject: string;
    readonly commit: Oid;
    readonly folder: string;
    readonly commands: readonly Command[];
  },
): Promise<string | "interrupted" | undefined> {
  const subject = `merge-${at.subject}`;
  const logs = join(worker.orchard.place.orchestrationDir, "logs", subject);
  await mkdir(logs, { recursive: true });
  await endLeftovers(verifyMark(subject, worker, worker.scratch));
  for (const [index, command] of commands.entries()) {
    const log = join(logs, `regenerate-${index + 1}.log`);
    const receipt = await runInCheckout(worker, { ...at, subject, command, log });
    if (receipt === "interrupted") return receipt;
    if (isGreen(receipt)) continue;
    const said = receipt.tail.trim().split("\n").slice(-SHOWN).join("\n");
    return `"${shownCommand(receipt)}", which makes it anew, failed (${shownEnd(receipt)})${said === "" ? "" : `: ${said}`}`;
  }
  return undefined;
}

const SHOWN = 5;
const LARGEST = 64 << 20;

/** A sentence where one of them is not a plain file inside the checkout any more. */
async function readAll(folder: string, files: readonly string[]): Promise<ReadonlyMap<string, Buffer> | string> {
  const root = await realpath(folder);
  const read = new Map<string, Buffer>();
  for (const path of files) {
    const content = await readPlain(root, path);
    if (content === undefined) return `after its command ${path} is no plain file`;
    read.set(path, content);
  }
  return read;
}

/** Never through a link: what lies outside of the checkout must not get into a commit. */
async function readPlain(root: string, path: string): Promise<Buffer | undefined> {
  const file = join(root, path);
  try {
    if ((await realpath(dirname(file))) !== dirname(file)) return undefined;
    const found = await lstat(file);
    return found.isFile() && found.size <= LARGEST ? await readFile(file) : undefined;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

function distinct(commands: readonly Command[]): readonly Command[] {
  return [...new Map(commands.map((command) => [JSON.stringify(command), command])).values()];
}
