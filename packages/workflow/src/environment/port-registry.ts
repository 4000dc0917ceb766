import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createDurable, nodeFiles } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { isPortFree } from "./is-port-free.ts";

/**
 * Which worktree has which port: one folder for all repositories of a user on a machine. A port's claims are numbered
 * files `<port>-<n>.json`, and the highest number counts; making the next one (put-if-absent, by a link) is how a port
 * is taken, given back or taken from the dead. So no lock is needed, and of any number of processes one gets a port.
 */
export interface PortClaim {
  readonly port: number;
  readonly number: number;
  /** Absolute; empty: the port was given back. */
  readonly worktree: string;
  readonly variable: string;
  /** State folder of the repository, for people and for whoever judges the claim. */
  readonly repository: string;
}

export interface PortWish {
  readonly worktree: string;
  readonly repository: string;
  readonly variables: readonly string[];
  readonly first: number;
  readonly last: number;
  /**
   * Asked each time after claims were read: tells which of them, of this repository, nobody needs any more. What it knew
   * before would have newer claims judged by an older picture.
   */
  readonly judge: () => Promise<(claim: PortClaim) => boolean>;
}

/**
 * A port for every variable: what the worktree has already, unless somebody listens there, else the lowest that is
 * neither claimed nor listened on. Claims of worktrees that are gone count as given back. `undefined` when the range
 * does not hold enough; then nothing new was claimed.
 */
export async function allocatePorts(registry: string, wish: PortWish): Promise<Record<string, number> | undefined> {
  await mkdir(registry, { recursive: true, mode: 0o700 });
  const ports: Record<string, number> = {};
  const taken: PortClaim[] = [];
  for (const variable of wish.variables) {
    const claim = (await ownClaim(registry, wish, variable)) ?? (await newClaim(registry, wish, variable));
    if (claim === undefined) {
      for (const one of taken) await giveBack(registry, one);
      return undefined;
    }
    taken.push(claim);
    ports[variable] = claim.port;
  }
  return ports;
}

/** Gives back every port of a worktree; asked again it changes nothing. */
export async function releasePorts(registry: string, worktree: string): Promise<void> {
  for (const claim of readClaims(registry)) if (claim.worktree === worktree) await giveBack(registry, claim);
}

/** The claim that counts of every port that was ever claimed; those given back have no worktree. */
export function readClaims(registry: string): readonly PortClaim[] {
  const highest = new Map<number, number>();
  for (const { port, number } of numbersIn(registry)) {
    highest.set(port, Math.max(number, highest.get(port) ?? 0));
  }
  return [...highest].map(([port, number]) => readClaim(registry, port, number)).sort((a, b) => a.port - b.port);
}

async function ownClaim(registry: string, wish: PortWish, variable: string): Promise<PortClaim | undefined> {
  const own = readClaims(registry).filter((one) => one.worktree === wish.worktree && one.variable === variable);
  const kept = own.find(({ port }) => port >= wish.first && port <= wish.last);
  if (kept !== undefined && (await isPortFree(kept.port))) return kept;
  for (const claim of own) await giveBack(registry, claim);
  return undefined;
}

async function newClaim(registry: string, wish: PortWish, variable: string): Promise<PortClaim | undefined> {
  const claims = new Map(readClaims(registry).map((claim) => [claim.port, claim]));
  const isOver = await wish.judge();
  for (let port = wish.first; port <= wish.last; port += 1) {
    const before = claims.get(port);
    if (before !== undefined && isHeld(before, wish, isOver)) continue;
    if (!(await isPortFree(port))) continue;
    const { worktree, repository } = wish;
    const claim = { port, number: (before?.number ?? 0) + 1, worktree, variable, repository };
    if (await put(registry, claim)) return claim;
  }
  return undefined;
}

function isHeld(claim: PortClaim, wish: PortWish, isOver: (claim: PortClaim) => boolean): boolean {
  if (claim.worktree === "") return false;
  if (claim.worktree === wish.worktree) return wish.variables.includes(claim.variable);
  if (claim.repository === wish.repository && isOver(claim)) return false;
  return lstatSync(claim.worktree, { throwIfNoEntry: false }) !== undefined;
}

async function giveBack(registry: string, claim: PortClaim): Promise<void> {
  await put(registry, { ...claim, number: claim.number + 1, worktree: "" });
}

/** Of a claim. Nobody comes near it; a port whose file says so is nobody's any more. */
const MOST_NUMBER = 999_999_999_999_999;

/**
 * False when another process made that claim first, or a later one meanwhile (what it replaced is removed, so that a
 * slow process may find its number unused again: only the highest number counts), or when its numbers are used up.
 */
async function put(registry: string, claim: PortClaim): Promise<boolean> {
  if (claim.number > MOST_NUMBER) return false;
  const path = fileOf(registry, claim.port, claim.number);
  if (!(await createDurable(nodeFiles, path, `${JSON.stringify(claim)}\n`))) return false;
  const numbers = numbersIn(registry).filter(({ port }) => port === claim.port);
  if (numbers.some(({ number }) => number > claim.number)) {
    rmSync(path, { force: true });
    return false;
  }
  for (const { port, number } of numbers) {
    if (number < claim.number) rmSync(fileOf(registry, port, number), { force: true });
  }
  return true;
}

function numbersIn(registry: string): readonly { readonly port: number; readonly number: number }[] {
  return namesIn(registry).flatMap((name) => {
    const [, port, number] = /^([1-9][0-9]{0,4})-([1-9][0-9]{0,14})\.json$/.exec(name) ?? [];
    return port === undefined || Number(port) > 65_535 ? [] : [{ port: Number(port), number: Number(number) }];
  });
}

/** A folder or a link is no claim, and nobody makes one under its name. */
function namesIn(registry: string): readonly string[] {
  try {
    const found = readdirSync(registry, { withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

/** A claim that cannot be read keeps its port from nobody; who replaced it meanwhile is found by the next number. */
function readClaim(registry: string, port: number, number: number): PortClaim {
  try {
    const read = JSON.parse(readFileSync(fileOf(registry, port, number), "utf8")) as Partial<PortClaim> | null;
    const { worktree, variable, repository } = read ?? {};
    if (typeof worktree === "string" && typeof variable === "string" && typeof repository === "string")
      return { port, number, worktree, variable, repository };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isSystemError(error, "ENOENT", "EACCES")) throw error;
  }
  return { port, number, worktree: "", variable: "", repository: "" };
}

function fileOf(registry: string, port: number, number: number): string {
  return join(registry, `${port}-${number}.json`);
}
