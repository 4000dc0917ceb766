import { printableLine } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";
import { requireLane } from "@orchard/tracker-core";
import {
  isUndoable,
  type Operation,
  type Operations,
  type Orchard,
  readOperations,
  sayOperation,
  whyNotUndoable,
} from "@orchard/workflow";
import { Command } from "commander";
import { type Answer, define } from "../command.ts";
import { parseLimit } from "../options.ts";

interface Options {
  readonly limit: number;
  readonly lane?: string;
  readonly records?: boolean;
  readonly undoable?: boolean;
}

export function log(exit: { code: number }): Command {
  const command = new Command("log")
    .description("List operations, newest first: what each command did, and whether orch undo can take it back.")
    .option("-n, --limit <n>", "how many", parseLimit, 30)
    .option("--lane <id>", "only what concerns this lane")
    .option("--undoable", "only what can be taken back")
    .option("--records", "every single record instead, as the journal holds it");
  return define(command, exit, {
    example: "orch log -n 10",
    worksAfterReset: true,
    action: async ({ orchard, paint }, options: Options) => {
      const opened = await orchard();
      return options.records === true ? listRecords(opened, paint, options) : listOperations(opened, paint, options);
    },
  });
}

async function listOperations(orchard: Orchard, paint: Paint, options: Options): Promise<Answer> {
  const read = await readOperations(orchard);
  const { lane } = options;
  const concerned = read.list.filter((operation) => lane === undefined || lanesOf(operation).includes(lane));
  if (lane !== undefined && concerned.length === 0) requireLane(read.tracker, lane);
  const wanted = concerned
    .filter((operation) => options.undoable !== true || isUndoable(operation, read))
    .slice(-options.limit)
    .reverse();
  const lines = wanted.map((operation) => line(operation, read, paint));
  const data = { operations: wanted.map((operation) => dataOf(operation, read)) };
  const nothing = concerned.length === 0 ? "Nothing is recorded yet." : "None of it can be taken back.";
  return { data, text: `${lines.length === 0 ? nothing : lines.join("\n")}\n` };
}

function line(operation: Operation, read: Operations, paint: Paint): string {
  const { id, at, by, records, undoneBy } = operation;
  const mark =
    undoneBy !== undefined ? paint.dim("↩") : isUndoable(operation, read) ? paint.green("↶") : paint.dim("·");
  const why = whyNotUndoable(operation, read);
  const more = records > 1 ? paint.dim(` (${records} records)`) : "";
  const tail = why === "" ? "" : `\n      ${paint.dim(printableLine(why, 160))}`;
  return `${mark} ${id.padEnd(22)} ${paint.dim(at)}  ${printableLine(sayOperation(operation), 100)}${more}  ${paint.dim(printableLine(by, 40))}${tail}`;
}

function dataOf(operation: Operation, read: Operations) {
  const { id, command, at, until, by, firstSeq, records, said, changes, undoneBy, undoes } = operation;
  const why = whyNotUndoable(operation, read);
  return {
    id,
    command,
    at,
    until,
    by,
    seq: firstSeq,
    records,
    what: sayOperation(operation),
    said,
    undoable: why === "",
    ...(why === "" ? {} : { why }),
    ...(undoneBy === undefined ? {} : { undoneBy }),
    ...(undoes === undefined ? {} : { undoes: undoes.operations }),
    changes: {
      lanes: [...changes.lanes].map(([lane, { before, after }]) => ({
        lane,
        before: before === null ? null : before.state,
        after: after === null ? null : after.state,
      })),
      landed: changes.landed,
      unlanded: changes.unlanded,
      worktreesRemoved: changes.removed,
      worktreesRestored: changes.restored,
    },
  };
}

function lanesOf({ changes }: Operation): readonly string[] {
  const { lanes, landed, unlanded, removed, restored, worked } = changes;
  return [...lanes.keys(), ...worked, ...[...landed, ...unlanded, ...removed, ...restored].map(({ lane }) => lane)];
}

async function listRecords(orchard: Orchard, paint: Paint, options: Options): Promise<Answer> {
  const newest = [];
  for await (const record of orchard.store.history()) {
    if (options.lane !== undefined && !record.facts.some((fact) => "lane" in fact && fact.lane === options.lane))
      continue;
    newest.push(record);
    if (newest.length > options.limit) newest.shift();
  }
  if (options.lane !== undefined && newest.length === 0) requireLane(await orchard.tracker(), options.lane);
  const records = newest.reverse().map(({ seq, at, by, stream, describe, facts, operation }) => ({
    seq,
    at,
    by,
    stream,
    describe,
    facts,
    operation,
  }));
  const lines = records.map(
    ({ seq, at, by, describe }) =>
      `${paint.dim(`${String(seq).padStart(6)}  ${at}`)}  ${printableLine(describe, 120)}  ${paint.dim(printableLine(by, 40))}`,
  );
  return { data: { records }, text: `${lines.length === 0 ? "Nothing is recorded yet." : lines.join("\n")}\n` };
}
