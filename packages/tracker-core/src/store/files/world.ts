import type { FileSystem, Locks, ProcessIdentity } from "@orchard/host";
import type { Clock, TokenSource } from "@orchard/kernel";
import type { Limits } from "./limits.ts";
import type { Rules } from "./rules.ts";

/** Everything outside that the files adapter touches. */
export interface World {
  readonly files: FileSystem;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly token: TokenSource;
  /** The boot id of this machine; `unknown` where it does not tell. */
  readonly boot: string;
  /** Who writes: stands in every record. */
  readonly by: string;
  readonly limits: Limits;
  readonly rules: Rules;
  wait(milliseconds: number): Promise<void>;
  /** Runs `task` once, after a while; does not keep the process alive. */
  later(milliseconds: number, task: () => void): { cancel(): void };
  isDead(identity: ProcessIdentity): boolean;
}
