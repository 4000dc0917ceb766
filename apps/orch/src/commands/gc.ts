import { relative } from "node:path";
import { printable, printableLine } from "@orchard/kernel";
import { sayBytes } from "@orchard/terminal";
import { type Collected, collectGarbage, explainHeld, type Held, TRASH_DAYS } from "@orchard/workflow";
import { Command } from "commander";
import { define, type Surroundings } from "../command.ts";

export function gc(exit: { code: number }): Command {
  const command = new Command("gc")
    .description(`Throw away what has lain in the trash for more than ${TRASH_DAYS} days, and files of killed writers.`)
    .option("--explain", "say of each worktree and branch what it is and why it is kept; remove nothing")
    .option("--dry-run", "only say what would go");
  return define(command, exit, {
    example: "orch gc --explain",
    action: async (surroundings, options: { readonly explain?: boolean; readonly dryRun?: boolean }) => {
      const opened = await surroundings.orchard();
      const dryRun = options.dryRun === true || options.explain === true;
      const held = options.explain === true ? await explainHeld(opened) : undefined;
      const collected = await collectGarbage(opened, { dryRun });
      const shorter = (path: string) => relative(opened.place.mainRoot, path);
      const lines = [
        ...(held === undefined ? [] : [...heldLines(held, surroundings), ""]),
        ...collectedLines(collected, { dryRun, shorter, now: surroundings.now, explained: held !== undefined }),
      ];
      return {
        data: { ...collected, ...(held === undefined ? {} : { held }) },
        text: `${printable(lines.join("\n"))}\n`,
      };
    },
  });
}

function heldLines(held: readonly Held[], { paint }: Surroundings): readonly string[] {
  if (held.length === 0) return ["There are no worktrees and no branches of lanes."];
  const width = Math.min(48, Math.max(...held.map(({ name }) => name.length)));
  const colours = { merged: paint.green, live: paint.bold, rescued: paint.yellow, own: paint.dim, unknown: paint.red };
  return held.map(({ kind, name, standing, why, bytes: size }) => {
    const shown = printableLine(name, 80).padEnd(width);
    return `${kind.padEnd(8)}  ${shown}  ${colours[standing](standing.padEnd(7))}  ${size === undefined ? "" : `${sayBytes(size)}, `}${why}`;
  });
}

function collectedLines(
  { trash, strayFiles, kept, used }: Collected,
  how: {
    readonly dryRun: boolean;
    readonly shorter: (path: string) => string;
    readonly now: number;
    readonly explained: boolean;
  },
): readonly string[] {
  const gone = how.dryRun ? "would be thrown away" : "thrown away";
  const total = kept.reduce((sum, each) => sum + each.bytes, 0);
  const days = (until: number) => Math.max(1, Math.ceil((until - how.now) / 86_400_000));
  return [
    ...trash.map(
      ({ path, was, bytes: size }) =>
        `✓ ${how.shorter(path)}${was === undefined ? "" : ` (was ${how.shorter(was)})`} ${gone}, ${sayBytes(size)}; its commits stay pinned`,
    ),
    ...(strayFiles.length === 0 ? [] : [`✓ ${strayFiles.length} files of killed writers ${gone}`]),
    ...(trash.length + strayFiles.length === 0 ? ["Nothing is old enough to be thrown away."] : []),
    ...(kept.length === 0 ? [] : [`In the trash: ${kept.length}, ${sayBytes(total)}; restorable: orch rescue list`]),
    ...(how.explained
      ? kept.map(
          ({ path, until, bytes: size }) =>
            `  ${how.shorter(path)}  ${sayBytes(size)}, ${until === undefined ? "a step of it was cut off: orch doctor" : `for ${days(until)} more days`}`,
        )
      : []),
    ...(how.explained
      ? [
          `Used: ${Object.entries(used)
            .map(([part, size]) => `${part} ${sayBytes(size)}`)
            .join(", ")}`,
        ]
      : []),
  ];
}
