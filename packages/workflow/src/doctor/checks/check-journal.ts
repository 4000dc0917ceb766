import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  examineJournal,
  type JournalReport,
  type LostRecord,
  type RepairOptions,
  rebuildJournal,
  repositoryMachine,
} from "@orchard/tracker-core";
import type { Ports } from "../../orchard/open-orchard.ts";
import type { Place } from "../../orchard/place.ts";
import type { Finding } from "../finding.ts";

/** The truth itself, before anything else: every byte of the journal and its folds. */
export async function checkJournal(place: Place, ports: Ports): Promise<readonly Finding[]> {
  const options = await optionsFor(place, ports);
  const report = await examineJournal(options);
  return [...damage(place, report, options), ...unreadable(report, options)];
}

async function optionsFor(place: Place, ports: Ports): Promise<RepairOptions> {
  return {
    folder: place.stateDir,
    views: await viewsThere(place),
    machineVersion: repositoryMachine.version ?? 1,
    locks: ports.locks,
    clock: ports.clock,
  };
}

function damage(place: Place, report: JournalReport, options: RepairOptions): readonly Finding[] {
  if (report.newer !== undefined) {
    return [
      {
        code: "journal-newer",
        severity: "error",
        sentence: `The journal holds records of version ${report.newer}, which this program does not know.`,
        todo: "Use the newer version of Orchard that wrote them; nothing is changed by this one.",
      },
    ];
  }
  if (report.isWhole) return [];
  const { isOnlyHistory } = report;
  return [
    {
      code: isOnlyHistory ? "journal-history-damaged" : "journal-damaged",
      severity: isOnlyHistory ? "warning" : "error",
      sentence: [whatIsDamaged(place, report), ...whatIsLost(report), whatIsKept(report)].join(" "),
      todo: "orch doctor --repair puts the damaged file aside and writes the journal anew from everything that proves a record.",
      repair: async () => {
        const { report: before, putAside } = await rebuildJournal(options);
        return {
          did: ["The journal was written anew.", ...whatIsLost(before), whatIsKept(before)].join(" "),
          putAside,
        };
      },
    },
  ];
}

function unreadable({ unreadableFolds, isWhole }: JournalReport, options: RepairOptions): readonly Finding[] {
  if (unreadableFolds.length === 0 || !isWhole) return [];
  return [
    {
      code: "fold-unreadable",
      severity: "warning",
      sentence: `Stored folds of the journal cannot be read: ${unreadableFolds.join(", ")}. The journal itself is whole.`,
      todo: "orch doctor --repair puts them aside; the state is folded from the records.",
      repair: async () => {
        const { putAside } = await rebuildJournal(options);
        return { did: "The unreadable folds were put aside.", putAside };
      },
    },
  ];
}

function whatIsDamaged(place: Place, { segments, strays, staleViews }: JournalReport): string {
  const files = segments.map(({ path, state }) => `${relative(place.stateDir, path)} is ${state}`);
  const written = strays.length === 0 ? [] : [`records ${numbers(strays)} were written on top of damage`];
  const stale = staleViews.map((path) => `${relative(place.mainRoot, path)} names a record that it has not`);
  return `The journal is damaged: ${[...files, ...written, ...stale].join(", ")}.`;
}

function whatIsLost({ lost, isOpenEnded }: JournalReport): readonly string[] {
  const forGood = lost.filter(({ isInFold }) => !isInFold);
  const inFold = lost.filter(({ isInFold }) => isInFold);
  return [
    ...(forGood.length === 0 ? [] : [`Lost: ${named(forGood)}.`]),
    ...(inFold.length === 0
      ? []
      : [`Lost to the history, while what they changed is kept in a fold: ${named(inFold)}.`]),
    ...(isOpenEnded ? ["What was recorded after that is gone, and nothing says how much it was."] : []),
  ];
}

function whatIsKept({ kept, first, last, mended, lost }: JournalReport): string {
  const again = mended.length === 0 ? "" : `, ${mended.length} of them from copies or by their own hash`;
  const all = lost.length === 0 ? "Nothing is lost: all" : "Kept:";
  return `${all} ${kept} records from ${first} to ${last}${again}.`;
}

/** Numbers, and of a few what is still legible of them. */
function named(lost: readonly LostRecord[]): string {
  const legible = lost.filter(({ said }) => said !== undefined).slice(0, 5);
  const said = legible.map(({ seq, said: text }) => `${seq} said "${text}"`);
  return `record${lost.length === 1 ? "" : "s"} ${numbers(lost.map(({ seq }) => seq))}${said.length === 0 ? "" : ` (${said.join("; ")})`}`;
}

/** `3, 5-9` */
export function numbers(sequence: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < sequence.length; ) {
    const first = sequence[at] ?? 0;
    let last = first;
    for (at += 1; sequence[at] === last + 1; at += 1) last += 1;
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(", ");
}

/** Every view that lies there, found without the state, which cannot be trusted yet. */
async function viewsThere({ mainRoot, trackerFile }: Place): Promise<readonly string[]> {
  const specs = join(mainRoot, "specs");
  const names = await readdir(specs).catch(() => []);
  const progress = names.flatMap((name) => [
    join(specs, name, "agent-tasks", ".progress.json"),
    join(specs, name, ".progress.json"),
  ]);
  return [trackerFile, ...progress];
}
