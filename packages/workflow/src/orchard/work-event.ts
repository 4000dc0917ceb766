import type { IsoTime, LaneId } from "@orchard/kernel";

/** What happens while work goes on, told as it happens. Terminal, `--json` and logs are reporters of these. */
export type WorkEvent =
  | { readonly type: "driver-started"; readonly epoch: number }
  | { readonly type: "lane-preparing"; readonly lane: LaneId; readonly path: string }
  | { readonly type: "worktree-ready"; readonly lane: LaneId }
  /** Ignored files are in the worktree; `cloned`: the disk shares them with the main checkout. */
  | {
      readonly type: "files-brought";
      readonly subject: string;
      readonly files: number;
      readonly bytes: number;
      readonly cloned: boolean;
      readonly leftOut: number;
    }
  | { readonly type: "ports-allocated"; readonly lane: LaneId; readonly ports: Readonly<Record<string, number>> }
  | { readonly type: "setting-up"; readonly subject: string; readonly command: string }
  | { readonly type: "worktree-set-up"; readonly lane: LaneId; readonly elapsedMs: number }
  | { readonly type: "attempt-intended"; readonly lane: LaneId; readonly number: number; readonly agent: string }
  /** The agent may do everything, and asks nobody. */
  | { readonly type: "permissions-bypassed"; readonly lane: LaneId; readonly agent: string }
  | { readonly type: "attempt-started"; readonly lane: LaneId; readonly number: number; readonly pid: number }
  | { readonly type: "attempt-adopted"; readonly lane: LaneId; readonly number: number }
  | { readonly type: "attempt-ended"; readonly lane: LaneId; readonly outcome: string }
  | { readonly type: "verifying"; readonly subject: string; readonly command: string; readonly again?: true }
  /** Red and then green on the same tree: it counts as green. */
  | { readonly type: "gate-flaky"; readonly subject: string; readonly command: string }
  | {
      readonly type: "lane-completed";
      readonly lane: LaneId;
      readonly files: number;
      readonly unverified: boolean;
      /** What it started from is red already, and it adds no failure. */
      readonly onRedBase?: true;
    }
  | {
      readonly type: "attempt-failed";
      readonly lane: LaneId;
      readonly reason: string;
      readonly again: boolean /** Only when it waits for a usage limit to end. */;
      readonly retryAt?: IsoTime;
    }
  | { readonly type: "lane-stopped"; readonly lane: LaneId; readonly reason: string }
  | { readonly type: "base-checked"; readonly commit: string; readonly green: boolean }
  | {
      readonly type: "lane-landed";
      readonly lane: LaneId;
      readonly commit: string;
      readonly verified: boolean;
      /** The base is red already, and the lane adds no failure. */
      readonly onRedBase?: true;
    }
  | {
      readonly type: "lane-conflicted";
      readonly lane: LaneId;
      readonly files: readonly string[];
      readonly with: readonly LaneId[];
    }
  /** Files that both sides had changed were made anew by their command. */
  | { readonly type: "regenerated"; readonly subject: string; readonly files: readonly string[] }
  | { readonly type: "lane-rejected"; readonly lane: LaneId; readonly reason: string }
  | { readonly type: "lane-waits"; readonly lane: LaneId; readonly reason: string }
  /** Somebody else holds a lock for longer than a second; `holder` in words. */
  | { readonly type: "lock-awaited"; readonly path: string; readonly holder: string }
  | { readonly type: "warning"; readonly text: string; readonly hint?: string };

/** Is told what happens, event by event, and waited for by nobody. */
export type Report = (event: WorkEvent) => void;
