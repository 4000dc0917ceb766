import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { EMPTY_TRACKER, happened, notInitialised, type Tracker } from "@orchard/tracker-core";
import { activeDriver } from "../orchard/driver.ts";
import { hasStore, openOrchard, type Ports } from "../orchard/open-orchard.ts";
import type { Place } from "../orchard/place.ts";
import { record } from "../orchard/record.ts";
import { checkJournal } from "./checks/check-journal.ts";
import { CHECKS } from "./checks.ts";
import type { Finding, Repaired } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** A finding as it is told, and what became of it. */
export interface Diagnosis extends Omit<Finding, "repair"> {
  readonly repairable: boolean;
  /** Present when it was mended just now. */
  readonly repaired?: Repaired;
}

/** What is broken, or was until it was mended. */
export interface Examination {
  readonly findings: readonly Diagnosis[];
  /** What was looked at. */
  readonly looked: readonly string[];
  /** Nothing but infos is left. */
  readonly isHealthy: boolean;
}

/**
 * Looks at everything that can be broken. `repair` mends what is provably ours, each thing put aside or pinned first and on
 * record afterwards; again, or twice at once, finds less to do. While the journal is damaged nothing else is judged by it.
 * Throws `NOT_INITIALISED`, `LOCK_TIMEOUT`.
 */
export async function examine(
  place: Place,
  ports: Ports,
  { repair, by }: { readonly repair: boolean; readonly by: string },
): Promise<Examination> {
  if (!(await hasStore(place))) throw notInitialised();
  if (!repair) return examineAll(place, ports, { repair, by });
  const locks = join(place.stateDir, "locks");
  await mkdir(locks, { recursive: true, mode: 0o700 });
  // Two at once would be as safe, and their reports harder to understand.
  await using _held = await ports.locks.take(join(locks, "doctor.lock"), {
    command: "orch doctor --repair",
    waitMs: 60_000,
  });
  return await examineAll(place, ports, { repair, by });
}

async function examineAll(
  place: Place,
  ports: Ports,
  { repair, by }: { readonly repair: boolean; readonly by: string },
): Promise<Examination> {
  const journal = await treat(await checkJournal(place, ports), repair);
  const isReadable = journal.every(
    ({ severity, repaired }) => severity === "info" || repaired !== undefined || severity === "warning",
  );
  if (!isReadable) {
    return concluded(journal, ["journal"]);
  }
  await using orchard = await openOrchard(place, ports, { by, keepsViews: false });
  await keepRecord({ orchard }, journal);
  const { state } = await orchard.folded();
  if (state.tracker.home === undefined)
    return concluded([...journal, ...notSetUp(journal, state.tracker)], ["journal"]);
  const repository = await orchard.repository();
  const diagnoses = [...journal];
  for (const check of CHECKS) {
    const now = await orchard.folded();
    const patient = { orchard, repository, state: now.state, isDriven: activeDriver(now.state.tracker) !== undefined };
    const found = await treat(await look(check, patient), repair);
    await keepRecord({ orchard }, found);
    diagnoses.push(...found);
  }
  return concluded(diagnoses, ["journal", ...CHECKS.map(({ name }) => name)]);
}

async function look(check: (typeof CHECKS)[number], patient: Patient): Promise<readonly Finding[]> {
  try {
    return await check.look(patient);
  } catch (error) {
    return [failed(`Looking at ${check.name} failed`, error)];
  }
}

async function treat(findings: readonly Finding[], repair: boolean): Promise<readonly Diagnosis[]> {
  const treated: Diagnosis[] = [];
  for (const { repair: mend, ...finding } of findings) {
    const diagnosis = { ...finding, repairable: mend !== undefined };
    if (!repair || mend === undefined) {
      treated.push(diagnosis);
      continue;
    }
    try {
      treated.push({ ...diagnosis, repaired: await mend() });
    } catch (error) {
      const { repair: _, ...also } = failed("Repairing it failed", error);
      treated.push(diagnosis, { ...also, repairable: false });
    }
  }
  return treated;
}

function failed(what: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const todo = isOrchardError(error) ? error.hint : undefined;
  return {
    code: "check-failed",
    severity: "error",
    sentence: `${what}: ${message}`,
    todo: todo ?? "Run it again with --verbose.",
  };
}

async function keepRecord({ orchard }: Pick<Patient, "orchard">, diagnoses: readonly Diagnosis[]): Promise<void> {
  for (const { code, sentence, repaired } of diagnoses) {
    if (repaired === undefined) continue;
    const { did, putAside = [] } = repaired;
    await record(orchard, `doctor: ${code}: ${did}`.slice(0, 500), () =>
      happened({ type: "repaired", code, what: sentence.slice(0, 2000), putAside }),
    );
  }
}

/** After a reset; damage, too, can take the very beginning of a journal, and with it where everything lies. */
function notSetUp(journal: readonly Diagnosis[], { updatedAt }: Tracker): readonly Diagnosis[] {
  if (journal.length === 0) {
    if (updatedAt === EMPTY_TRACKER.updatedAt) throw notInitialised();
    return [
      {
        code: "not-set-up",
        severity: "info",
        sentence: "The journal is whole, and nothing is set up here: the tracker was reset.",
        todo: "Begin anew: orch init. What was set aside is still there: orch rescue list",
        repairable: false,
      },
    ];
  }
  return [
    {
      code: "not-set-up",
      severity: "error",
      sentence: "What was lost of the journal includes where it was set up.",
      todo: "Set it up again; lanes that are on record stay: orch init",
      repairable: false,
    },
  ];
}

function concluded(findings: readonly Diagnosis[], looked: readonly string[]): Examination {
  const isHealthy = findings.every(({ severity, repaired }) => severity === "info" || repaired !== undefined);
  return { findings, looked, isHealthy };
}
