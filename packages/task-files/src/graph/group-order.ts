import type { Groups } from "../dependencies/groups.ts";
import type { GroupRelation } from "../dependencies/said.ts";
import { info, quoted } from "../findings.ts";
import type { Edge, Finding, Position } from "../task-document.ts";

/** Why something waits: where an inferred edge comes from. */
export interface Reason {
  readonly from: Edge["from"];
  readonly position: Position;
}

/** What each group waits for, and an order in which every group comes after those. */
export interface GroupOrder {
  readonly order: readonly number[];
  /** By group: the groups it waits for. */
  readonly groups: readonly ReadonlyMap<number, Reason>[];
  /** By group: single tasks that all of it waits for. */
  readonly tasks: readonly ReadonlyMap<number, Reason>[];
  readonly findings: readonly Finding[];
}

/**
 * From what the file says of its layers and, with `usual`, the usual order for those of which it says nothing: a story
 * waits for the last layer before it that is no story, anything else for all since that one.
 */
export function orderGroups(
  groups: Groups,
  said: { readonly relations: readonly GroupRelation[]; readonly statedGroups: ReadonlySet<number> },
  options: { readonly usual: boolean },
): GroupOrder {
  const waits = groups.all.map(() => new Map<number, Reason>());
  const tasks = groups.all.map(() => new Map<number, Reason>());
  for (const { dependent, dependency, ...reason } of said.relations) {
    if (!("group" in dependent)) continue;
    if ("task" in dependency) setIfNew(tasks[dependent.group]!, dependency.task, reason);
    else if (dependency.group !== dependent.group) setIfNew(waits[dependent.group]!, dependency.group, reason);
  }
  if (options.usual) addUsual(groups, waits, said.statedGroups);
  return { ...sorted(groups, waits), groups: waits, tasks };
}

function addUsual(groups: Groups, waits: readonly Map<number, Reason>[], stated: ReadonlySet<number>): void {
  let barrier = -1;
  groups.all.forEach(({ layer, tasks }, group) => {
    // Without a layer there is nothing that it would come after or before.
    if (layer === undefined) return;
    const reason = {
      from: "phase" as const,
      position: { line: layer.section.line.number, column: layer.section.textAt + 1 },
    };
    const isStory = groups.isStory(group);
    if (!stated.has(group) && waits[group]!.size === 0) {
      for (let before = barrier + 1; before < group && !isStory; before++) waits[group]!.set(before, reason);
      const isCovered = [...waits[group]!.keys()].some((before) => waits[before]!.has(barrier));
      if (barrier !== -1 && !isCovered) waits[group]!.set(barrier, reason);
    }
    if (!isStory && (tasks.length > 0 || barrier === -1)) barrier = group;
  });
}

/** Depth first, in file order; what would close a circle is dropped and said. */
function sorted(groups: Groups, waits: readonly Map<number, Reason>[]): Pick<GroupOrder, "order" | "findings"> {
  const order: number[] = [];
  const findings: Finding[] = [];
  const state = new Uint8Array(waits.length);
  for (let root = 0; root < waits.length; root++) {
    const path: { readonly group: number; readonly rest: Iterator<[number, Reason]> }[] = [];
    const enter = (group: number) => {
      state[group] = OPEN;
      path.push({ group, rest: [...waits[group]!].values() });
    };
    if (state[root] === UNSEEN) enter(root);
    while (path.length > 0) {
      const { group, rest } = path.at(-1)!;
      const next = rest.next();
      if (next.done) {
        state[group] = CLOSED;
        order.push(group);
        path.pop();
      } else if (state[next.value[0]] === OPEN) {
        waits[group]!.delete(next.value[0]);
        findings.push(dropped(groups, group, ...next.value));
      } else if (state[next.value[0]] === UNSEEN) enter(next.value[0]);
    }
  }
  return { order, findings };
}

function dropped(groups: Groups, group: number, before: number, { position }: Reason): Finding {
  const title = (one: number) => quoted(groups.all[one]?.layer?.section.text ?? "");
  const message = `"${title(group)}" does not wait for "${title(before)}", which waits for it.`;
  return info("INFERRED_DROPPED", { message, position });
}

function setIfNew(reasons: Map<number, Reason>, key: number, reason: Reason): void {
  if (!reasons.has(key)) reasons.set(key, { from: reason.from, position: reason.position });
}

const UNSEEN = 0;
const OPEN = 1;
const CLOSED = 2;
