/** Something to do that becomes part of a lane: a gap, or an open task. */
export interface PlanItem {
  /** Unique; of several with one id a single one counts. */
  readonly id: string;
  /** 0 is the most urgent. */
  readonly priority: number;
  /** How many tasks it is, at least 1. */
  readonly size: number;
  /** Paths that doing it is likely to change; a folder stands for everything below it. */
  readonly files: readonly string[];
  /** Ids of the items to do first. */
  readonly dependsOn: readonly string[];
  /** What it is about: small items of one topic that nothing orders may share a lane. */
  readonly topic?: string | undefined;
  /**
   * What its lane is of. Items of different things are never in one lane, and lanes of one thing order themselves item by
   * item: they are not cut into a chain of lanes.
   */
  readonly of?: string | undefined;
}

/** A lane that is there already and stays as it is. */
export interface KeptLane {
  readonly id: string;
  readonly files: readonly string[];
}

/** A lane that a plan asks for: items that are done one after the other. */
export interface PlannedLane {
  readonly id: string;
  /** Ids of its items, each after those it depends on. */
  readonly items: readonly string[];
  /** What its items touch, sorted. */
  readonly files: readonly string[];
  /** Planned and kept lanes that go before it. */
  readonly dependsOn: readonly string[];
  /** Of its most urgent item. */
  readonly priority: number;
  readonly of?: string | undefined;
}

/** The lanes that items were put in, and what of the items could not be followed. */
export interface LanePlan {
  /** Each after those it depends on, the more urgent first. */
  readonly lanes: readonly PlannedLane[];
  /** Items that wait for each other, cycle by cycle; those of one are in one lane, where they can be done together. */
  readonly cycles: readonly (readonly string[])[];
  /** Dependencies on what is not in the plan, or not of the same thing; they order nothing. */
  readonly unknown: readonly { readonly id: string; readonly dependsOn: string }[];
  /** Ids that were given more than once. */
  readonly duplicates: readonly string[];
}
