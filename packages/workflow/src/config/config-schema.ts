import { adapters } from "@orchard/agent-runner";
import { commandSchema, textSchema } from "@orchard/tracker-core/schemas";
import bytes from "bytes";
import ms from "ms";
import * as z from "zod";
import { probesSchema } from "../probes/probe-setting.ts";

/** Timers of the system hold no more. */
const LONGEST_TIME = ms("24d");

/** A time needs its unit: 15 could mean anything. */
const duration = z.string().transform((text, context): number => {
  const value = /^\d{1,9}(\.\d{1,9})? ?[a-z]{1,12}$/i.test(text) ? ms(text as ms.StringValue) : undefined;
  if (value !== undefined && value >= 1 && value <= LONGEST_TIME) return Math.round(value);
  const what = value !== undefined && value > LONGEST_TIME ? "is longer than 24 days" : "is not a time";
  context.addIssue({ code: "custom", message: `${JSON.stringify(text)} ${what}, write "90s", "15m" or "4h"` });
  return z.NEVER;
});

const size = z.string().transform((text, context): number => {
  const value = /^\d{1,12}(\.\d{1,9})? ?(b|kb|mb|gb|tb)$/i.test(text) ? bytes.parse(text) : null;
  if (value !== null && value >= 1) return value;
  context.addIssue({ code: "custom", message: `${JSON.stringify(text)} is not a size, write "512MB" or "1GB"` });
  return z.NEVER;
});

const variableSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a variable's name");

/** Variables that Orchard fills itself; none that programs or Orchard already give a meaning to. */
const variablesSchema = z
  .array(
    variableSchema.refine(
      (name) => !/^(ORCH_|ORBIT_|GIT_|LD_|DYLD_|NODE_|LC_|(PATH|HOME|USER|SHELL|TERM|LANG|TMPDIR|IFS|PWD)$)/.test(name),
      "already has a meaning, choose another name",
    ),
  )
  .max(50)
  .refine((names) => new Set(names).size === names.length, "names the same variable twice");

/** A path inside the repository, with forward slashes. */
const folderSchema = textSchema(4_096).refine(
  (path) => /^[^/\\*?[\]!#\s][^\\*?[\]\n\r]*$/.test(path) && !path.split("/").includes(".."),
  "is not a path inside the repository: no leading slash, no .., no wildcards",
);

/** A file as git names it: that is how it is found in a tree. */
const fileSchema = folderSchema.refine(
  (path) => path.split("/").every((part) => part !== "" && part !== "." && part.toLowerCase() !== ".git"),
  "is not a file's path as git writes it: no ./, no //, no .git, no slash at the end",
);

const agentSchema = z.strictObject(
  { command: commandSchema.optional(), permissions: z.enum(["graded", "bypass"]).optional() },
  {
    error: ({ code, input }) => {
      if (code !== "invalid_type") return undefined;
      const command = typeof input === "string" && input.length <= 200 ? input : "./agent.sh";
      return `an agent is an object: { "command": ${JSON.stringify(command)} }`;
    },
  },
);

/** An agent that is not ours to start needs a command; without one it could be chosen and never started. */
const agentsSchema = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "is not a name"), agentSchema)
  .superRefine((agents, context) => {
    const known = [...adapters.keys()].filter((name) => name !== "command");
    for (const [name, { command }] of Object.entries(agents)) {
      if (command !== undefined || known.includes(name)) continue;
      const message = `needs a "command": Orchard itself can start only ${known.join(" and ")}`;
      context.addIssue({ code: "custom", path: [name], message });
    }
  });

const limitsSchema = z.strictObject({
  idle: duration.optional(),
  total: duration.optional(),
  verify: duration.optional(),
  setup: duration.optional(),
  nice: z.int().min(0).max(19).optional(),
  cpu: z.number().min(0.1).max(1024).optional(),
  memory: size.optional(),
  output: size.optional(),
  freeDisk: size.optional(),
  freeMemory: size.optional(),
});

/** `orch.config.jsonc` as people write it; every key may be missing, an unknown one is an error. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  base: z.string().min(1).max(250).optional(),
  agent: textSchema(64).min(1).optional(),
  agents: agentsSchema.optional(),
  permissions: z.enum(["graded", "bypass"]).optional(),
  maxParallel: z.int().min(1).max(256).optional(),
  attempts: z.int().min(1).max(100).optional(),
  verify: z.array(commandSchema).max(100).optional(),
  regenerate: z.record(fileSchema, commandSchema).optional(),
  setup: commandSchema.optional(),
  setupInputs: z.array(folderSchema).max(1_000).optional(),
  ports: variablesSchema.optional(),
  names: variablesSchema.optional(),
  env: z.record(variableSchema, textSchema(65_536)).optional(),
  pool: z.int().min(0).max(64).optional(),
  sparse: z.array(folderSchema).max(1_000).optional(),
  probes: probesSchema.optional(),
  limits: limitsSchema.optional(),
  squash: z.boolean().optional(),
  lease: duration.optional(),
  stuckAfter: duration.optional(),
  layers: z.enum(["soft", "hard"]).optional(),
  completeOn: z.enum(["work", "merge"]).optional(),
  inferDependencies: z.boolean().optional(),
  prStates: commandSchema.optional(),
});

export type ConfigFile = z.output<typeof configSchema>;

/** Settings that can make something run: taken only from the version that the person accepted. */
export const TRUSTED_KEYS = [
  "agent",
  "agents",
  "permissions",
  "verify",
  "regenerate",
  "probes",
  "setup",
  "setupInputs",
  "ports",
  "names",
  "env",
  "prStates",
] as const satisfies readonly (keyof ConfigFile)[];
