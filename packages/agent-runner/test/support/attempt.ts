import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endTree, livenessOf, type ProcessIdentity, processesMarked, randomToken } from "@orchard/host";
import { temporaryFolder, until } from "@orchard/testkit";
import {
  ATTEMPT_MARK,
  type AttemptEnd,
  type AttemptPlan,
  type LoggedEvent,
  readAttempt,
  readEvents,
  SUPERVISOR_MARK,
  SUPERVISOR_NODE_OPTIONS,
  startSupervisor,
  writePlan,
} from "../../src/index.ts";

const ENTRY = fileURLToPath(new URL("./supervisor.ts", import.meta.url));
const NODE = [process.execPath, ...SUPERVISOR_NODE_OPTIONS, "--conditions=@orchard/source"];

export interface TestAttempt extends AsyncDisposable {
  readonly plan: AttemptPlan;
  readonly folder: string;
  readonly cwd: string;
  start(behaviour?: Record<string, string>): Promise<ProcessIdentity>;
  adopt(behaviour?: Record<string, string>): Promise<ProcessIdentity>;
  /** What the ports were told, in order. */
  told(): readonly { readonly port: string; readonly end?: AttemptEnd }[];
  /** Waits until the ports were told of the end, and the supervisor is gone. */
  ended(): Promise<AttemptEnd>;
  agent(): Promise<ProcessIdentity>;
  events(): Promise<readonly LoggedEvent[]>;
  /** All text of the log. */
  text(): Promise<string>;
  /** Live processes of the attempt, supervisors left out. */
  survivors(): readonly ProcessIdentity[];
}

/** An attempt in a folder of its own, planned and not started; whatever it started is ended with its scope. */
export async function testAttempt(
  change: Partial<Omit<AttemptPlan, "limits">> & { readonly limits?: Partial<AttemptPlan["limits"]> } = {},
): Promise<TestAttempt> {
  const place = temporaryFolder("orchard attempt");
  const token = randomToken();
  const folder = join(place.path, "attempts", token);
  const cwd = join(place.path, "work tree");
  mkdirSync(cwd);
  const promptFile = join(place.path, "prompt.md");
  writeFileSync(promptFile, "the prompt\n");
  const { limits, ...rest } = change;
  const plan: AttemptPlan = {
    token,
    folder,
    command: ["cat"],
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: place.path },
    promptFile,
    stdin: "prompt",
    limits: { idleMs: 60_000, totalMs: 120_000, outputBytes: 1 << 20, graceMs: 500, ...limits },
    ...rest,
  };
  await writePlan(plan);
  const run =
    (mode: string) =>
    (behaviour: Record<string, string> = {}) =>
      startSupervisor({
        command: [...NODE, ENTRY, folder, mode, JSON.stringify(behaviour)],
        folder,
        env: { PATH: process.env["PATH"] ?? "", ...behaviour },
      });
  const told = (): readonly { port: string; end?: AttemptEnd }[] => {
    const file = join(folder, "told.ndjson");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };
  const survivors = (): readonly ProcessIdentity[] => processesMarked(ATTEMPT_MARK, token);
  const events = async (): Promise<LoggedEvent[]> => {
    const all: LoggedEvent[] = [];
    for await (const event of readEvents(folder)) all.push(event);
    return all;
  };
  return {
    plan,
    folder,
    cwd,
    start: run("supervise"),
    adopt: run("adopt"),
    told,
    survivors,
    events,
    text: async () => (await events()).map((event) => (event.type === "text" ? event.text : "")).join("\n"),
    agent: () => until("the agent is on disk", async () => (await readAttempt(folder)).agent),
    ended: async () => {
      const end = await until("the end is told", () => told().find((one) => one.port === "ended")?.end);
      await until("the supervisors are gone", () => processesMarked(SUPERVISOR_MARK, folder).length === 0);
      return end;
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of [...processesMarked(SUPERVISOR_MARK, folder), ...survivors()]) {
        await endTree(one, { graceMs: 0, mark: { variable: ATTEMPT_MARK, value: token } });
      }
      place[Symbol.dispose]();
    },
  };
}

/** Kills a process that the test started, after comparing that it is still that one. */
export async function killHard(identity: ProcessIdentity): Promise<void> {
  if (livenessOf(identity) === "alive") process.kill(identity.pid, "SIGKILL");
  await until("the process is gone", () => livenessOf(identity) === "dead");
}
