import { printableLine } from "@orchard/kernel";
import type { LaneOfPlan } from "./make-plan.ts";
import type { PlanPicture } from "./plan-view.ts";

/** `execution_plan.md`: the plan for people, with the graph of who waits for whom. */
export function planReport({ base, commit, lanes, others }: PlanPicture): string {
  const lines = [
    "# Execution plan",
    "",
    `For ${plain(base)} at ${commit.slice(0, 10)}: ${lanes.length} ${lanes.length === 1 ? "lane" : "lanes"}. Made by \`orch plan\`; take an edit of the JSON beside it with \`orch plan --from\`.`,
    ...(lanes.length === 0
      ? ["", "There is nothing to do."]
      : ["", ...graph(lanes, others), ...lanes.flatMap(section)]),
    ...(others.length === 0
      ? []
      : [
          "",
          "## Beside the plan",
          "",
          ...others.map(({ id, definition }) => `- \`${id}\` ${plain(definition.name ?? "")}`.trimEnd()),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function graph(lanes: readonly LaneOfPlan[], others: PlanPicture["others"]): readonly string[] {
  const number = new Map<string, string>([
    ...lanes.map(({ lane }, at) => [lane, `l${at + 1}`] as const),
    ...others.map(({ id }, at) => [id, `o${at + 1}`] as const),
  ]);
  const needed = new Set(lanes.flatMap(({ definition }) => definition.dependsOn));
  const node = (id: string) => `  ${number.get(id) ?? id}["${id}"]`;
  return [
    "```mermaid",
    "graph LR",
    ...lanes.map(({ lane }) => node(lane)),
    ...others.filter(({ id }) => needed.has(id)).map(({ id }) => node(id)),
    ...lanes.flatMap(({ lane, definition }) =>
      definition.dependsOn.map((on) => `  ${number.get(on) ?? on} --> ${number.get(lane)}`),
    ),
    "```",
  ];
}

function section({ lane, definition }: LaneOfPlan, at: number): readonly string[] {
  const { name, spec, tasks, priority, dependsOn, files } = definition;
  const facts = [
    `${priority} priority`,
    ...(spec === undefined ? [] : [`tasks of ${plain(spec)}`]),
    ...(dependsOn.length === 0 ? [] : [`after ${dependsOn.map((id) => `\`${id}\``).join(", ")}`]),
  ];
  return [
    "",
    `## ${at + 1}. \`${lane}\` ${plain(name ?? "")}`.trimEnd(),
    "",
    `${facts.join(" · ")}`,
    "",
    ...tasks.map((task) => `- ${plain(task)}`),
    ...(files.length === 0
      ? []
      : ["", `Files: ${files.map((file) => `\`${plain(file).replaceAll("`", "'")}\``).join(", ")}`]),
  ];
}

/** Text of probes and task files on one line, with nothing in it that Markdown or a terminal acts on. */
function plain(text: string): string {
  return printableLine(text, 300).replace(/[\\*_[\]<>|#]/g, "\\$&");
}
