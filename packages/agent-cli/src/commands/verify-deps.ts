import { openDesk, readSpecs, resolveTask, verifyDependencies } from "@orchard/workflow/tasks";
import type { Action } from "./action.ts";

/**
 * Whether this checkout stands on its task's dependencies and the verify commands pass; for continuous integration. Exit 3
 * when a dependency is not as it should be, 1 when verify is red.
 */
export const verifyDeps: Action = async (around, given) => {
  const orchard = await around.orchard();
  const { progress } = await readSpecs(orchard);
  const name = resolveTask(progress, given.arguments["task"] ?? "", around.environment);
  const desk = await openDesk(orchard, { agent: "verify-deps", environment: around.environment });
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const check = await verifyDependencies(desk, name, interrupted.signal);
  if (interrupted.signal.aborted) return { data: { ...name, interrupted: true }, text: "", exitCode: 130 };
  const { commit, dependencies, problems, receipts, isGood: ok } = check;
  const red = receipts.find(({ code }) => code !== 0);
  const verified =
    receipts.length === 0
      ? ""
      : ` ${receipts.length === 1 ? "The verify command passes" : "The verify commands pass"}.`;
  const good =
    dependencies.length === 0
      ? `${name.task} depends on nothing.${verified}`
      : `${name.task} stands on ${dependencies.join(", ")}, all done and in ${commit.slice(0, 10)}.${verified}`;
  const broken = red === undefined ? [] : [`verify is red in ${commit.slice(0, 10)}: ${String(red.command)}`, red.tail];
  const bad =
    problems.length === 0
      ? broken
      : [`${name.task} does not stand on what it depends on:`, ...problems.map(({ sentence }) => `- ${sentence}`)];
  return {
    data: { ...name, ok, commit, dependencies, problems, receipts },
    text: `${ok ? good : bad.join("\n")}\n`,
    exitCode: ok ? 0 : problems.length === 0 ? 1 : 3,
  };
};
