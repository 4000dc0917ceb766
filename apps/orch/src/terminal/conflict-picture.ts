import { printableLine } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";
import { BASE_SIDE, type FoundConflicts, type LaneConflict } from "@orchard/workflow";

/** More lanes than this do not fit side by side; then only the conflicts are listed. */
const WIDEST = 40;

/** Who conflicts with whom, as a matrix, then every conflict with its files. */
export function conflictPicture({ lanes, conflicts, madeAnew }: FoundConflicts, paint: Paint): string {
  if (lanes.length === 0) return "No lane has work that has not landed.";
  const parts = [
    ...(lanes.length <= WIDEST ? [matrix({ lanes, conflicts }, paint)] : []),
    conflicts.length === 0
      ? paint.green(`Nothing conflicts: ${lanes.length} ${lanes.length === 1 ? "lane" : "lanes"} and the base.`)
      : conflicts.map((conflict) => listed(conflict, paint)).join("\n"),
    ...madeAnew.map((each) => paint.dim(remade(each))),
    ...lanes
      .filter(({ unread }) => unread)
      .map(({ lane }) =>
        paint.yellow(
          `${lane}: its files could not be read (they changed meanwhile, or its link was changed: orch doctor); only its commits count here.`,
        ),
      ),
  ];
  return parts.join("\n\n");
}

function matrix({ lanes, conflicts }: Pick<FoundConflicts, "lanes" | "conflicts">, paint: Paint): string {
  const names = [...lanes.map(({ lane }) => lane as string), BASE_SIDE];
  const found = new Map(
    conflicts.flatMap(({ a, b, files }) => [
      [`${a} ${b}`, files.length] as const,
      [`${b} ${a}`, files.length] as const,
    ]),
  );
  const width = Math.min(24, Math.max(...names.map((name) => name.length)));
  const column = (name: string) => (name === BASE_SIDE ? "b" : String(names.indexOf(name) + 1));
  const cell = (text: string) => text.padStart(4);
  const head = `${" ".repeat(width + 5)}${names.map((name) => cell(column(name))).join("")}`;
  const rows = lanes.map(({ lane, uncommitted }) => {
    const cells = names.map((other) => {
      if (other === lane) return paint.dim(cell("\\"));
      const files = found.get(`${lane} ${other}`);
      return files === undefined ? paint.dim(cell("·")) : paint.red(cell(files === 0 ? "✗" : String(files)));
    });
    const dirt = uncommitted === 0 ? "" : paint.dim(`  +${uncommitted} uncommitted`);
    return `  ${cell(column(lane)).trimStart().padStart(2)} ${lane.slice(0, width).padEnd(width)}${cells.join("")}${dirt}`;
  });
  return [head, ...rows, paint.dim("  how many files conflict; · none, b what has landed")].join("\n");
}

/** So many files are named of each conflict. */
const NAMED = 8;

/** No conflict: what a landing makes of it. */
function remade({ a, b, files }: LaneConflict): string {
  const paths = files.map(({ path }) => printableLine(path)).join(", ");
  return `→ ${a} and ${sideName(b)}: made anew when they land: ${paths}`;
}

function sideName(side: string): string {
  return side === BASE_SIDE ? "what has landed" : side;
}

function listed({ a, b, files }: LaneConflict, paint: Paint): string {
  const more = files.length > NAMED ? [`    … and ${files.length - NAMED} more`] : [];
  const lines = files.slice(0, NAMED).map(({ path, reason }) => `    ${printableLine(path)}  ${paint.dim(reason)}`);
  const what = files.length === 0 ? ["    they have no commit in common"] : [...lines, ...more];
  return [paint.yellow(`⊗ ${a} and ${sideName(b)}`), ...what].join("\n");
}
