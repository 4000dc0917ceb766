import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { agentEnvironment } from "@orchard/agent-runner";
import { printableLine } from "@orchard/kernel";
import type { PrStatus } from "@orchard/tracker-core";
import * as z from "zod";
import { parseJsonInput } from "../input/parse-json-input.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { prStatesUnknown } from "./errors.ts";

export interface PrState {
  readonly status: PrStatus;
  readonly url?: string | undefined;
  /** The commit of the base branch that the merge made. */
  readonly mergeCommit?: string | undefined;
}

/** What `gh pr list --json number,state,reviewDecision,url,mergeCommit` prints; a command of one's own prints the same. */
const statesSchema = z
  .array(
    z.object({
      number: z.int().min(1),
      state: z.enum(["OPEN", "CLOSED", "MERGED", "open", "closed", "merged"]),
      reviewDecision: z.string().nullish(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(500)
        .nullish(),
      mergeCommit: z.object({ oid: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/) }).nullish(),
    }),
  )
  .max(100_000);

const GH = [
  "gh",
  "pr",
  "list",
  "--state",
  "all",
  "--limit",
  "1000",
  "--json",
  "number,state,reviewDecision,url,mergeCommit",
];
const LIMIT_MS = 120_000;

/**
 * The states of pull requests by number, from the configured command or `gh`. The numbers that are wanted stand in its
 * environment as `ORBIT_PRS`, with commas between them. Throws `PR_STATES_UNKNOWN`, `INVALID_INPUT`.
 */
export async function readPrStates(orchard: Orchard, wanted: readonly number[]): Promise<ReadonlyMap<number, PrState>> {
  const { config } = await orchard.config();
  const command = config.prStates ?? GH;
  const text = await output(orchard, command, { ORBIT_PRS: wanted.join(",") });
  const name = config.prStates === undefined ? "the output of gh" : "the output of prStates";
  return new Map(parseJsonInput(text, statesSchema, { name }).map((found) => [found.number, stateOf(found)]));
}

function stateOf({ state, reviewDecision, url, mergeCommit }: z.output<typeof statesSchema>[number]): PrState {
  const rest = { url: url ?? undefined, mergeCommit: mergeCommit?.oid };
  switch (state.toUpperCase()) {
    case "MERGED":
      return { status: "merged", ...rest };
    case "CLOSED":
      return { status: "rejected", ...rest };
    default: {
      const decision = reviewDecision?.toUpperCase();
      const status =
        decision === "APPROVED" ? "approved" : decision === "CHANGES_REQUESTED" ? "rejected" : "pending_review";
      return { status, ...rest };
    }
  }
}

async function output(
  { place, ports }: Orchard,
  command: string | readonly string[],
  extra: Readonly<Record<string, string>>,
): Promise<string> {
  const [program = "", ...args] = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  try {
    const env = agentEnvironment(ports.environment, extra);
    const options = { cwd: place.mainRoot, env, timeout: LIMIT_MS, maxBuffer: 1 << 20, encoding: "utf8" } as const;
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const { stderr, message } = error as Partial<{ stderr: string; message: string }>;
    const said = stderr === undefined || stderr === "" ? (message ?? "it failed") : stderr;
    throw prStatesUnknown(printableLine(said, 300));
  }
}
