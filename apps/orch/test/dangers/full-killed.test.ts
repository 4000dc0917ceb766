import { sampled } from "@orchard/testkit";
import { expect, test } from "vitest";
import { requireSound } from "../support/checks.ts";
import type { SeenFact } from "../support/facts.ts";
import { type Field, field } from "../support/field.ts";
import { type Outcome, outcomeOf } from "../support/outcome.ts";
import { type Killer, killingAt, sparing, walk } from "../support/walk.ts";

const CONFIG = {
  verify: ["test -f README.md"],
  agent: "scripted",
  agents: { scripted: { command: 'sh "$ORCH_REPO/../agent.sh" "$ORCH_REPO/.." 0' } },
  probes: { project: false, docs: false, untested: false, "open-tasks": false },
};

/** What is on record in each phase; a probe's lane walks as any other does. */
const MOMENTS = [
  "driver-started",
  "run-started",
  "phase-changed 0",
  "phase-changed 1",
  "lane-preparing of a probe",
  "attempt-started of a probe",
  "lane-completed of a probe",
  "landing-intended of a probe",
  "lane-landed of a probe",
  "run-phase-ended 1",
  "phase-changed 2",
  "lane-added",
  "run-phase-ended 2",
  "phase-changed 3",
  "attempt-intended",
  "attempt-started",
  "lane-completed",
  "run-phase-ended 3",
  "phase-changed 4",
  "landing-intended",
  "lane-landed",
  "base-followed",
  "run-phase-ended 4",
  "run-ended",
];

test("full, killed at a moment of each phase in turn and resumed, ends as if nothing had been", async () => {
  const left = new Set(sampled(MOMENTS));
  const killed = await walked(killingAt(left, momentOf));
  expect([...left]).toEqual([]);
  expect(killed).toEqual(await undisturbed());
}, 600_000);

test("control: full begun anew where it should be resumed does things twice, and the comparison sees it", async () => {
  await using one = await grown();
  const left = new Set(["phase-changed 3"]);
  expect(await killingAt(left, momentOf)(one.start(["full"]), one)).toBe(true);
  await one.orch(["full"]);
  expect(outcomeOf(one)).not.toEqual(await undisturbed());
}, 600_000);

let plain: Promise<Outcome> | undefined;

function undisturbed(): Promise<Outcome> {
  plain ??= walked(sparing);
  return plain;
}

async function walked(killer: Killer): Promise<Outcome> {
  await using one = await grown();
  await walk(one, [["full"]], killer);
  await requireSound(one);
  return outcomeOf(one);
}

async function grown(): Promise<Field> {
  const one = await field(CONFIG);
  one.repo.commit("things to do", {
    "src/a.ts": "// TODO: mend a\n",
    "lib/b.ts": "// FIXME: mend b\n",
  });
  return one;
}

function momentOf({ type, lane, phase }: SeenFact): string {
  const number = phase === undefined ? "" : ` ${String(phase)}`;
  return `${type}${number}${lane?.startsWith("probe-") === true ? " of a probe" : ""}`;
}
