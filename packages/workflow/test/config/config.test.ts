import { expect, test } from "vitest";
import { type Config, configInForce } from "../../src/config/config.ts";
import { configSchema, TRUSTED_KEYS } from "../../src/config/config-schema.ts";

const problems = (value: unknown) => {
  const checked = configSchema.safeParse(value);
  return checked.success ? [] : checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};
const inForce = (accepted: unknown, current: unknown = accepted): Config =>
  configInForce(configSchema.parse(accepted), configSchema.parse(current));

test("without a file every setting has its default", () => {
  expect(inForce({})).toEqual({
    agents: {},
    permissions: "graded",
    maxParallel: 4,
    attempts: 2,
    verify: [],
    regenerate: {},
    probes: {},
    ports: [],
    names: [],
    env: {},
    pool: 0,
    limits: {
      idle: 15 * 60_000,
      total: 4 * 3_600_000,
      verify: 10 * 60_000,
      setup: 10 * 60_000,
      nice: 0,
      output: 1 << 30,
      freeDisk: 1 << 30,
      freeMemory: 512 << 20,
    },
    squash: false,
    lease: 30 * 60_000,
    stuckAfter: 2 * 60 * 60_000,
    layers: "soft",
    completeOn: "work",
  });
});

test.each([
  ["90s", 90_000],
  ["15m", 900_000],
  ["4h", 14_400_000],
  ["1.5h", 5_400_000],
  ["2 days", 172_800_000],
  ["500ms", 500],
])("%s is a time", (text, milliseconds) => {
  const limits = { idle: text };
  expect(inForce({ limits }).limits.idle).toBe(milliseconds);
});

test.each(["/lock", "../lock", "./lock", "a//lock", "a/../lock", ".git/config", "a/.GIT/x", "*.lock", "lock/", ""])(
  "%j is no file that a command could make anew",
  (path) => expect(problems({ regenerate: { [path]: "make it" } })).toHaveLength(1),
);

test("a file that a command makes anew counts only as it was accepted", () => {
  const accepted = { regenerate: { "app/package-lock.json": "npm install --package-lock-only" } };
  expect(inForce(accepted, { regenerate: { "x.lock": "evil" } }).regenerate).toEqual(accepted.regenerate);
});

test.each(["15", "", "m", "-5m", "0s", "soon", "5 parsecs", "1e3s", "9".repeat(200), "25d", "1y", " 5m", "0.1ms"])(
  "%j is no time",
  (text) => expect(problems({ limits: { idle: text } })[0]).toMatch(/^limits\.idle: /),
);

test.each([
  ["512MB", 512 << 20],
  ["1gb", 1 << 30],
  ["1.5 GB", 1.5 * (1 << 30)],
  ["100 B", 100],
])("%s is a size", (text, size) => {
  const limits = { output: text };
  expect(inForce({ limits }).limits.output).toBe(size);
});

test.each(["512", "1G", "10 potatoes", "", "-1MB", "0MB", "MB", "1GBx"])("%j is no size", (text) =>
  expect(problems({ limits: { output: text } })[0]).toMatch(/^limits\.output: /),
);

test.each<[string, unknown]>([
  ["an unknown key", { verfiy: [] }],
  ["an unknown key in a place below", { limits: { idel: "1m" } }],
  ["no lanes at all at the same time", { maxParallel: 0 }],
  ["half a lane", { maxParallel: 1.5 }],
  ["no attempt", { attempts: 0 }],
  ["an agent named like an option", { agents: { "--x": {} } }],
  ["permissions of its own", { permissions: "all" }],
  ["a variable that no shell has", { env: { "A-B": "x" } }],
  ["a port for PATH", { ports: ["PATH"] }],
  ["a port for a variable of Orchard's", { ports: ["ORCH_LANE"] }],
  ["a name that Node would read options from", { names: ["NODE_OPTIONS"] }],
  ["a variable twice", { ports: ["PORT", "PORT"] }],
  ["a folder outside", { sparse: ["../other"] }],
  ["an absolute folder", { sparse: ["/etc"] }],
  ["a folder with a wildcard", { sparse: ["packages/*"] }],
  ["a negative nice, which needs the administrator", { limits: { nice: -5 } }],
  ["no processor at all", { limits: { cpu: 0 } }],
  ["a NUL in a variable", { env: { A: "x\0" } }],
  ["an empty command", { verify: [""] }],
])("refused: %s", (_name, value) => expect(problems(value).length).toBeGreaterThan(0));

test("an agent that is written as a text is told how it is written", () => {
  expect(problems({ agents: { robot: "./agent.sh" } })).toEqual([
    'agents.robot: an agent is an object: { "command": "./agent.sh" }',
  ]);
});

test("an agent that Orchard cannot start needs a command; settings for one that it can start do not", () => {
  expect(problems({ agents: { robot: {}, codex: { permissions: "bypass" } } })).toEqual([
    'agents.robot: needs a "command": Orchard itself can start only claude and codex',
  ]);
});

test("whatever could make something run is taken from what was accepted, everything else from the file", () => {
  const accepted = { agent: "a", agents: { a: { command: "x" } }, verify: ["old"], env: { A: "1" }, maxParallel: 2 };
  const current = {
    agent: "evil",
    agents: { evil: { command: "rm" } },
    permissions: "bypass",
    verify: ["evil"],
    env: { PATH: "/evil" },
    maxParallel: 8,
    squash: true,
  };
  expect(inForce(accepted, current)).toMatchObject({
    agent: "a",
    agents: { a: { command: "x" } },
    permissions: "graded",
    verify: ["old"],
    env: { A: "1" },
    maxParallel: 8,
    squash: true,
  });
});

test("every setting that holds a command, an agent or a variable is a trusted one", () => {
  const harmless = [
    "$schema",
    "base",
    "maxParallel",
    "attempts",
    "limits",
    "squash",
    "lease",
    "stuckAfter",
    "layers",
    "completeOn",
    "inferDependencies",
    "pool",
    "sparse",
  ];
  expect([...TRUSTED_KEYS, ...harmless].sort()).toEqual(Object.keys(configSchema.shape).sort());
});
