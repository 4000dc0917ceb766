import { isAbsolute, join } from "node:path";
import { findLane, isLanded, type Tracker } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { badPortRange, portsExhausted } from "./errors.ts";
import { allocatePorts, readClaims, releasePorts } from "./port-registry.ts";

const USUAL = { first: 21_000, last: 30_999 };

/**
 * The ports of a worktree, by variable: none that is another's in any repository of the user, none on which somebody
 * listens. Asked again it answers the same as long as they are free. Throws `PORTS_EXHAUSTED`, `BAD_PORT_RANGE`.
 */
export async function portsFor(
  orchard: Orchard,
  worktree: string,
  variables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  if (variables.length === 0) return {};
  const registry = registryOf(orchard);
  const range = rangeOf(orchard);
  const ports = await allocatePorts(registry, {
    worktree,
    repository: orchard.place.stateDir,
    variables,
    ...range,
    judge: async () => {
      const tracker = await orchard.tracker();
      return ({ worktree: other }) => !isInUse(orchard, tracker, other);
    },
  });
  if (ports !== undefined) return ports;
  const others = readClaims(registry).filter((claim) => claim.worktree !== "" && claim.worktree !== worktree);
  const taken = others.filter(({ port }) => port >= range.first && port <= range.last).length;
  throw portsExhausted({ wanted: variables.length, ...range, taken, registry });
}

/** Others may have the ports of that worktree from now on. */
export async function freePorts(orchard: Orchard, worktree: string): Promise<void> {
  await releasePorts(registryOf(orchard), worktree);
}

/** Gives back what worktrees of this repository hold that have landed or are gone: what a crash left claimed. */
export async function freeForgottenPorts(orchard: Orchard): Promise<void> {
  const registry = registryOf(orchard);
  const own = readClaims(registry).filter((claim) => claim.repository === orchard.place.stateDir);
  if (own.every(({ worktree }) => worktree === "")) return;
  const tracker = await orchard.tracker();
  for (const { worktree } of own) {
    if (worktree !== "" && !isInUse(orchard, tracker, worktree)) await releasePorts(registry, worktree);
  }
}

/** A folder below the user's state folder, shared by all repositories; without a home the repository's own. */
export function registryOf({ place, ports }: Orchard): string {
  const { XDG_STATE_HOME: state, HOME: home } = ports.environment;
  if (state !== undefined && isAbsolute(state)) return join(state, "orchard", "ports");
  if (home !== undefined && isAbsolute(home)) return join(home, ".local", "state", "orchard", "ports");
  return join(place.stateDir, "ports");
}

function rangeOf({ ports }: Orchard): { readonly first: number; readonly last: number } {
  const text = ports.environment["ORCH_PORT_RANGE"];
  if (text === undefined || text === "") return USUAL;
  const [, first, last] = /^(\d{4,5})-(\d{4,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (first === undefined || range.first < 1024 || range.last > 65_535 || range.last < range.first) {
    throw badPortRange(text);
  }
  return range;
}

function isInUse({ place }: Orchard, tracker: Tracker, worktree: string): boolean {
  const name = worktree.startsWith(`${place.worktreesDir}/`) ? worktree.slice(place.worktreesDir.length + 1) : "";
  if (!name.startsWith("agent-")) return true; // our own scratch worktrees stay as long as their folder
  const lane = findLane(tracker, name.slice("agent-".length));
  return lane?.worktree !== undefined && !isLanded(lane);
}
