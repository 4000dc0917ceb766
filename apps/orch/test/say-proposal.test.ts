import { expect, test } from "vitest";
import { type ProposalOutcome, sayProposal } from "../src/say-proposal.ts";

const NOTHING: ProposalOutcome = {
  proposal: undefined,
  isThere: false,
  written: undefined,
  wanted: false,
  declined: false,
};
const said = (outcome: Partial<ProposalOutcome>) => sayProposal({ ...NOTHING, ...outcome }).join("\n");

test("where nothing can be proposed, or there is a configuration already, that is said, each by itself", () => {
  expect(said({})).toMatch(/^Nothing to propose: no file here/);
  expect(said({ wanted: true })).toMatch(/^Nothing to write: no file here/);
  expect(said({ isThere: true, wanted: true })).toMatch(/^Nothing to write: orch\.config\.jsonc is there already/);
  expect(said({ isThere: true })).toBe("");
});

test("a proposal is shown once, however it was answered", () => {
  const proposal = '{ "verify": ["npm test"] }\n';
  expect(said({ proposal })).toContain(proposal.trimEnd());
  expect(said({ proposal, declined: true })).not.toContain("npm test");
  expect(said({ proposal, written: "orch.config.jsonc" })).not.toContain("npm test");
});
