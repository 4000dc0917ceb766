import { isPortFree } from "../../../src/environment/is-port-free.ts";
import { allocatePorts } from "../../../src/environment/port-registry.ts";

/**
 * argv: how, registry, first, last, worktrees. Takes a port for each worktree, one after the other, and sends them.
 * `looks`: the unsafe way, which takes the first port that nobody listens on at the moment.
 */
const [how, registry = "", first, last, ...worktrees] = process.argv.slice(2);
const range = { first: Number(first), last: Number(last) };
const mine: number[] = [];
for (const worktree of worktrees) {
  const port = how === "looks" ? await look() : await claim(worktree);
  if (port !== undefined) mine.push(port);
}
process.send?.(mine, () => process.disconnect?.());

async function claim(worktree: string): Promise<number | undefined> {
  const wish = { worktree, repository: "/repo", variables: ["PORT"], ...range, judge: async () => () => false };
  return (await allocatePorts(registry, wish))?.["PORT"];
}

async function look(): Promise<number | undefined> {
  for (let port = range.first; port <= range.last; port += 1) {
    if (!mine.includes(port) && (await isPortFree(port))) return port;
  }
  return undefined;
}
