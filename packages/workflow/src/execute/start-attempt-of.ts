import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AttemptPlan, agentEnvironment, startSupervisor, writePlan } from "@orchard/agent-runner";
import { abandonAttempt, findSpec, intendAttempt, type Lane, type Spec, shownCommand } from "@orchard/tracker-core";
import { processLimits } from "../environment/command-environment.ts";
import { variablesOf } from "../environment/variables.ts";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { clearGeneratedFolder } from "../probes/generated-folder.ts";
import { probeEnvironment } from "../probes/probe-environment.ts";
import { probePrompt } from "../probes/probe-prompt.ts";
import { laneAgent } from "../tasks/lane-agent.ts";
import type { AgentChoice } from "./agent-choice.ts";
import { agentOrFailure } from "./agent-or-failure.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import { failAttempt } from "./fail-attempt.ts";
import { laneFault } from "./lane-fault.ts";
import { promptFor } from "./prompt.ts";

const GRACE = 10_000;

/**
 * Records the intent, writes the plan and starts the supervisor, which outlives this process and records the
 * start itself before any agent runs. Dead in between: the intent alone is on record, and whoever comes next
 * gives that attempt up or waits for it.
 */
export async function startAttemptOf(driver: Driver, lane: Lane, options: ExecuteOptions): Promise<void> {
  const { orchard } = driver;
  const choice = await agentOrFailure(driver, lane, options.agent);
  if (choice === undefined || !(await makeWayForResult(driver, lane))) return;
  const token = orchard.ports.token();
  const intent = { lane: lane.id, token, agent: choice.name };
  const number = await driver.record(`lane ${lane.id}: attempt with ${choice.name}`, (tracker) =>
    intendAttempt(tracker, intent),
  );
  orchard.ports.report({ type: "attempt-intended", lane: lane.id, number, agent: choice.name });
  if (bypasses(choice)) orchard.ports.report({ type: "permissions-bypassed", lane: lane.id, agent: choice.name });
  const folder = join(orchard.place.attemptsDir, token);
  try {
    await writeAttempt(driver, lane, { choice, token, number, folder });
    await startSupervisor({
      command: [...orchard.ports.supervisorCommand, folder],
      folder,
      env: supervisorEnvironment(driver),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await driver.record(`lane ${lane.id}: attempt given up`, (tracker) =>
      abandonAttempt(tracker, { lane: lane.id, token, reason }),
    );
    throw error;
  }
}

/** A lane's own command has no permissions to begin with: it can do what the user can. */
function bypasses({ adapter, request }: AgentChoice): boolean {
  return adapter.name !== "command" && request.permissions === "bypass";
}

/** A probe's earlier result is taken away before it starts, so that it cannot pass for a new one. */
async function makeWayForResult(driver: Driver, lane: Lane): Promise<boolean> {
  const { probe } = lane.definition;
  if (probe === undefined) return true;
  const folder = join(driver.orchard.place.mainRoot, lane.worktree?.path ?? "");
  try {
    await clearGeneratedFolder(folder, probe);
    return true;
  } catch (error) {
    const fault = laneFault(error, { folder, cause: "no-result" });
    if (fault === undefined) throw error;
    await failAttempt(driver, lane, { ...fault, final: true });
    return false;
  }
}

async function writeAttempt(
  driver: Driver,
  lane: Lane,
  attempt: { readonly choice: AgentChoice; readonly token: string; readonly number: number; readonly folder: string },
): Promise<void> {
  const { orchard } = driver;
  const { choice, token, number, folder } = attempt;
  const { config } = await orchard.config();
  const { place, ports } = orchard;
  const worktree = join(place.mainRoot, lane.worktree?.path ?? "");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const promptFile = join(folder, "prompt.md");
  const verify = lane.definition.verify ?? config.verify;
  const allow = verify.map((command) => shownCommand({ command }));
  const started = choice.adapter.command({ ...choice.request, promptFile, worktree, allow });
  const spec = await specOf(orchard, lane);
  const { look } = choice;
  const { probe = "" } = lane.definition;
  const prompt =
    look === undefined
      ? promptFor(lane, number, { commitsItself: started.commitsItself, spec, verify })
      : probePrompt(lane, probe, look, number);
  await writeFile(promptFile, prompt, { mode: 0o600 });
  const env = agentEnvironment(
    ports.environment,
    {
      ...variablesOf(config, place, {
        folder: worktree,
        ports: lane.worktree?.environment?.ports ?? {},
        lane: lane.id,
        environment: ports.environment,
      }),
      ...started.env,
      ...whoItIs(lane, choice),
      ...probeEnvironment(lane, worktree),
      ORCH_TRACKER: place.trackerFile,
      ORCH_ATTEMPT: token,
      ORCH_PROMPT: prompt,
      ORCH_PROMPT_FILE: promptFile,
      PATH: [ports.binFolder, ports.environment["PATH"]].filter((part) => part !== undefined).join(":"),
    },
    choice.adapter.name,
  );
  const plan: AttemptPlan = {
    token,
    subject: lane.id,
    adapter: choice.adapter.name,
    folder,
    command: started.command,
    cwd: worktree,
    env,
    promptFile,
    stdin: started.stdin,
    logFile: join(place.orchestrationDir, "logs", lane.id, `${token}.ndjson`),
    limits: {
      idleMs: config.limits.idle,
      totalMs: config.limits.total,
      outputBytes: config.limits.output,
      graceMs: GRACE,
    },
    share: processLimits(config),
  };
  await writePlan(plan);
}

/** What `orbit-agent` asks its environment. */
function whoItIs({ id, definition }: Lane, { name }: AgentChoice): Record<string, string> {
  const { spec, tasks } = definition;
  return {
    ORBIT_AGENT: laneAgent(id, name),
    ...(spec === undefined ? {} : { ORBIT_SPEC: spec, ORBIT_TASKS: tasks.join(",") }),
  };
}

async function specOf(orchard: Orchard, { definition }: Lane): Promise<Spec | undefined> {
  if (definition.spec === undefined) return undefined;
  return findSpec((await orchard.folded()).state.progress, definition.spec);
}

/** The supervisor needs what Node and the store need, and nothing that belongs to the agent. */
function supervisorEnvironment(driver: Driver): Record<string, string> {
  const { environment } = driver.orchard.ports;
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ"];
  return Object.fromEntries(
    kept.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
