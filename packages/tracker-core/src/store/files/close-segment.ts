import { join } from "node:path";
import type { FileSystem, OpenFile } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { storeUnwritable } from "../errors.ts";
import { JOURNAL_STREAM } from "../record.ts";
import { RANDOM_ID } from "../require-good-intent.ts";
import { appendRecord } from "./append-record.ts";
import type { Journal } from "./journal.ts";
import { poison } from "./poison.ts";
import { fileOf } from "./segment.ts";

/**
 * Closes the segment that is full and goes on in a new one. The new file and its name are durable before the record that
 * names it is written; a crash between leaves a file without a record that nobody names, and nobody opens. When another record took
 * the number, the file for it is made anew, a few times; after that the next commit tries again.
 */
export async function closeSegment<State>(journal: Journal<State>): Promise<void> {
  const { world, places } = journal;
  for (let tries = 0; tries < 3; tries += 1) {
    await journal.foldToEnd();
    if (journal.headEnd <= world.limits.segmentBytes || journal.trouble() !== undefined || journal.gap) return;
    const next = journal.head.seq + 2;
    const outcome = await world.rules.makeBeforeClosing(
      () => makeSegment(journal, join(places.journal, fileOf({ first: next, generation: 0 }))),
      () => appendClosed(journal, next),
    );
    if (outcome === "won") {
      await journal.foldToEnd();
      return;
    }
  }
}

/** Made with a newline in it, durable: so one that holds nothing at all was emptied by somebody. */
async function makeSegment<State>({ world, places }: Journal<State>, path: string): Promise<void> {
  const file = await openOrMake(world.files, path);
  try {
    if ((await file.stat()).size === 0 && (await file.write(NEWLINE)) === 0) {
      throw storeUnwritable(path, new Error("the disk took nothing"));
    }
    await file.sync().catch(async (error: unknown) => {
      // Another closer may have named the file by now, and others written to it: then the failure is theirs too.
      await poison(world, path);
      throw error;
    });
  } finally {
    await file.close();
  }
  await world.files.syncFolder(places.journal);
}

async function openOrMake(files: FileSystem, path: string): Promise<OpenFile> {
  try {
    return await files.open(path, "create");
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return files.open(path, "append");
    throw error;
  }
}

function appendClosed<State>(journal: Journal<State>, next: number): Promise<"won" | "lost"> {
  const fact = { type: "segment-closed", next } as const;
  return appendRecord(journal, {
    id: `${RANDOM_ID}${journal.world.token()}`,
    stream: JOURNAL_STREAM,
    facts: [fact],
    describe: `close the segment before record ${next}`,
    outcome: null,
  });
}

const NEWLINE = Buffer.from("\n");
