import type { IsoTime } from "@orchard/kernel";

/** A process, told apart from every other that ever had its number. */
export interface RecordedProcess {
  readonly host: string;
  readonly pidNamespace: string;
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly token?: string | undefined;
}

/** How an agent's run ended. `unknown`: nobody was there to see it. */
export interface AttemptOutcome {
  readonly outcome: "exited" | "signalled" | "idle" | "overtime" | "stopped" | "spawnFailed" | "unknown";
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason?: string | undefined;
  /** Its supervisor died before it let the agent run: there is nothing to judge, and it does not count. */
  readonly neverRan?: true | undefined;
}

/** One run of an agent in a lane. */
export interface Attempt {
  /** Names the attempt everywhere: its folder, the mark in its processes' environment. */
  readonly token: string;
  /** 1 for the lane's first. */
  readonly number: number;
  readonly agent: string;
  readonly intendedAt: IsoTime;
  readonly startedAt?: IsoTime | undefined;
  readonly supervisor?: RecordedProcess | undefined;
  readonly endedAt?: IsoTime | undefined;
  readonly end?: AttemptOutcome | undefined;
  /** Given up before it started; a supervisor that comes late is refused. */
  readonly abandoned?: boolean | undefined;
  readonly failure?: string | undefined;
  /** It did what it could and ended because the rest waits for others. */
  readonly waited?: true | undefined;
  /** It was made for a definition that the lane had before. */
  readonly former?: true | undefined;
}

/** The attempts that were made for what the lane is defined as now. */
export function presentAttempts(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.filter(({ former }) => former !== true);
}

/** The newest attempt, also one that never started; `undefined` before the first. */
export function lastAttempt(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.at(-1);
}

/** Attempts that count against the lane's limit: those that started, in which an agent ran and did not end to wait. */
export function attemptsMade(attempts: readonly Attempt[]): number {
  return attempts.filter(({ startedAt, end, waited }) => {
    return startedAt !== undefined && end?.neverRan !== true && waited !== true;
  }).length;
}
