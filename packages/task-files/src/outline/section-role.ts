/**
 * What a section is for beside holding tasks.
 * - `dependencies`: says who waits for whom; ids there repeat tasks.
 * - `repeat`: repeats tasks (summary, parallel examples, notes).
 * - `legend`: explains the format; nothing there is a task.
 */
export type SectionRole = "dependencies" | "repeat" | "legend";

export function roleOf(heading: string): SectionRole | undefined {
  if (LEGEND.test(heading)) return "legend";
  if (DEPENDENCIES.test(heading)) return "dependencies";
  return REPEAT.test(heading) ? "repeat" : undefined;
}

const LEGEND = /^[^\p{L}]{0,10}(?:(?:task )?format|legend|notation|symbols|图例|凡例|格式|書式)(?![\p{L}])/iu;
const DEPENDENCIES =
  /\bdependenc(?:y|ies)\b|\b(?:execution|completion|implementation) order\b|\bcritical path\b|依赖|依存|执行顺序|実行順序|実装順序/i;
const REPEAT =
  /\bparallel\b|\b(?:summary|notes|next steps|timeline|strategy|checklist|coverage|statistics|traceability|table of contents|progress)\b|并行|並列|总结|汇总|概述|目录|まとめ|概要|注意/i;
