import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { isPortFree } from "../../src/environment/is-port-free.ts";
import type { PortWish } from "../../src/environment/port-registry.ts";

/** So many ports in a row on which nobody listens at the moment. */
export async function freeRange(count: number): Promise<{ first: number; last: number }> {
  for (let first = 31_000 + (process.pid % 500) * 10; first < 60_000; first += count) {
    const ports = Array.from({ length: count }, (_, at) => first + at);
    if ((await Promise.all(ports.map(isPortFree))).every(Boolean)) return { first, last: first + count - 1 };
  }
  throw new Error("no free ports");
}

/** An empty registry and a wish for ports of a free range. */
export async function registryFor(count: number) {
  const folder = temporaryFolder();
  const registry = join(folder.path, "ports of the user");
  const range = await freeRange(count);
  const worktree = (name: string) => {
    mkdirSync(join(folder.path, name), { recursive: true });
    return join(folder.path, name);
  };
  const wish = (name: string, other: Partial<PortWish> = {}): PortWish => ({
    worktree: worktree(name),
    repository: "/repo/.git/orch",
    variables: ["PORT"],
    ...range,
    judge: async () => () => false,
    ...other,
  });
  return { folder, registry, ...range, wish, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
