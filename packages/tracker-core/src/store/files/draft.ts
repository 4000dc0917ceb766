import type { IsoTime, Json } from "@orchard/kernel";
import type { Fact } from "../record.ts";

/** What a record says; the rest follows from the place where it stands. */
export interface Draft {
  readonly id: string;
  readonly stream: string;
  readonly facts: readonly Fact[];
  readonly describe: string;
  readonly outcome: Json;
  readonly operation?: string;
  /** The time that whoever drew it up was told; without it that of the append. */
  readonly at?: IsoTime;
}
