import { paint } from "@orchard/terminal";
import type { Planned } from "@orchard/workflow";
import { expect, test } from "vitest";
import { planLines } from "../src/commands/plan.ts";

const EMPTY: Planned = {
  ...{ base: "main", commit: "c".repeat(40), lanes: [], added: [], withdrawn: [], others: [] },
  ...{ findings: [], covered: 0 },
};

test("a plan without a lane that was given says nothing of probes and specs; one that was made does", () => {
  const said = (isGiven: boolean) =>
    planLines({ paint: paint(process.stdout) }, EMPTY, { isDry: true, isGiven }).join("\n");
  expect(said(true)).toBe("The plan that was given has no lane.");
  expect(said(false)).toMatch(/no probe that has landed reports a gap/);
});
