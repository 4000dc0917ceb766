import type { SeenFact } from "./facts.ts";
import type { Field, LanePlan, OrchProcess } from "./field.ts";

/** Six lanes: side by side, one on another's work, one on two merged, one alone, one that fails first. */
export const SIX_LANES: readonly LanePlan[] = [
  { id: "a" },
  { id: "b" },
  { id: "c", dependsOn: ["a"] },
  { id: "d", dependsOn: ["a", "b"] },
  { id: "e", parallel: false },
  { id: "f", fails: 1 },
];

/** Kills `orch`, or lets it be: true when it was killed before it ended by itself. */
export type Killer = (orch: OrchProcess, field: Field) => Promise<boolean>;

export const sparing: Killer = async () => false;

/**
 * What a person does: one command after the other; when one died, `orch resume` until there is nothing to resume,
 * and the command again only if it never began. Returns how often `orch` was killed.
 */
export async function walk(field: Field, commands: readonly (readonly string[])[], killer: Killer): Promise<number> {
  let kills = 0;
  for (const command of commands) {
    for (let begun = false; !begun; ) {
      const before = drivers(field);
      if (!(await survives(field, command, killer))) {
        kills += 1;
        kills += await resume(field, killer);
      }
      begun = drivers(field) > before;
    }
  }
  return kills;
}

/** `orch resume` until it has nothing to do; returns how often it was killed. */
export async function resume(field: Field, killer: Killer = sparing): Promise<number> {
  for (let kills = 0, turn = 0; turn < 300; turn += 1) {
    const one = field.start(["resume", "--json"]);
    if (await killedOrFailed(one, field, ["resume"], killer)) kills += 1;
    else if (one.stdout().includes('"resumed":"nothing"')) return kills;
  }
  throw new Error("resume never came to an end");
}

async function survives(field: Field, command: readonly string[], killer: Killer): Promise<boolean> {
  return !(await killedOrFailed(field.start(command), field, command, killer));
}

async function killedOrFailed(
  one: OrchProcess,
  field: Field,
  command: readonly string[],
  killer: Killer,
): Promise<boolean> {
  if (await killer(one, field)) return true;
  const { code, signal } = await one.ended;
  if (code === 0) return false;
  throw new Error(`orch ${command.join(" ")}: exit ${code ?? signal}\n${one.stdout()}${one.stderr()}`);
}

function drivers(field: Field): number {
  return field.facts().filter(({ type }) => type === "driver-started").length;
}

/** kill -9, and true unless it had ended before. */
export async function killHard(one: OrchProcess): Promise<boolean> {
  one.child.kill("SIGKILL");
  return (await one.ended).signal === "SIGKILL";
}

/**
 * Kills right after the first facts that are the moments `left`, as `momentOf` names them, and takes these out of it when
 * the process was alive then: they are the last that it saw.
 */
export function killingAt(left: Set<string>, momentOf: (fact: SeenFact) => string = ({ type }) => type): Killer {
  return async (orch, field) => {
    const before = field.facts().length;
    let hasEnded = false;
    void orch.ended.then(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      const seen = field.facts().slice(before).map(momentOf);
      const met = seen.filter((moment) => left.has(moment));
      if (met.length > 0) {
        const wasAlive = await killHard(orch);
        if (wasAlive) for (const moment of met) left.delete(moment);
        return wasAlive;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return false;
  };
}
