import { checkDependencies, openDesk, readSpecs, resolveTask } from "@orchard/workflow/tasks";
import type { Action } from "./action.ts";

/** Whether this checkout stands on its task's dependencies; for continuous integration. Exit 3 when it does not. */
export const verifyDeps: Action = async (around, given) => {
  const orchard = await around.orchard();
  const { progress } = await readSpecs(orchard);
  const name = resolveTask(progress, given.arguments["task"] ?? "", around.environment);
  const desk = await openDesk(orchard, { agent: "verify-deps", environment: around.environment });
  const check = await checkDependencies(desk, name);
  const { commit, dependencies, problems } = check;
  const ok = problems.length === 0;
  const good =
    dependencies.length === 0
      ? `${name.task} depends on nothing.`
      : `${name.task} stands on ${dependencies.join(", ")}, all done and in ${commit.slice(0, 10)}.`;
  const bad = [
    `${name.task} does not stand on what it depends on:`,
    ...problems.map(({ sentence }) => `- ${sentence}`),
  ];
  return {
    data: { ...name, ok, ...check },
    text: `${ok ? good : bad.join("\n")}\n`,
    exitCode: ok ? 0 : 3,
  };
};
