import type { Gap, GapSeverity, ProbeResult } from "./probe-result.ts";

const SEVERITIES: readonly GapSeverity[] = ["high", "medium", "low"];

/** The readable form of a result. The same result gives the same bytes. */
export function probeReport(result: ProbeResult): string {
  const { probe, summary, facts, gaps, omitted } = result;
  return [
    `# Probe ${text(probe)}`,
    summary === undefined ? "" : text(summary),
    facts === undefined || Object.keys(facts).length === 0 ? "" : factsTable(facts),
    gaps.length === 0 ? "Nothing is missing." : "",
    ...SEVERITIES.map((severity) => section(severity, gaps)),
    omitted === undefined || omitted === 0 ? "" : `${omitted} more of lower weight are left out.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function factsTable(facts: NonNullable<ProbeResult["facts"]>): string {
  const rows = Object.entries(facts).map(([name, value]) => `| ${text(name)} | ${cell(value)} |`);
  return ["| fact | |", "|---|---|", ...rows].join("\n");
}

function cell(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(cell).join(", ");
  return text(typeof value === "string" ? value : JSON.stringify(value));
}

function section(severity: GapSeverity, gaps: readonly Gap[]): string {
  const own = gaps.filter((gap) => gap.severity === severity);
  if (own.length === 0) return "";
  return [`## ${severity} (${own.length})`, ...own.map(gapText)].join("\n\n");
}

function gapText({ id, title, detail, files, tasks, dependsOn, evidence = [] }: Gap): string {
  return [
    `### ${text(title)}`,
    `\`${id}\`${dependsOn.length === 0 ? "" : ` after ${dependsOn.map((other) => `\`${other}\``).join(", ")}`}`,
    detail === undefined ? "" : text(detail),
    list("Where", evidence.length === 0 ? files.map(code) : evidence.map(place)),
    list("To do", tasks.map(text)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function place({ file, line, text: words }: NonNullable<Gap["evidence"]>[number]): string {
  return `${code(line === undefined ? file : `${file}:${line}`)}${words === undefined ? "" : ` ${text(words)}`}`;
}

function list(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`${head}:`, ...lines.map((line) => `- ${line}`)].join("\n");
}

function code(path: string): string {
  return `\`${path.replaceAll("`", "'")}\``;
}

/** One line in which nothing is markup: text comes from files that anybody may have written. */
function text(words: string): string {
  const line = words.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return line.replace(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);
}
