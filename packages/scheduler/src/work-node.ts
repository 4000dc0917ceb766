/** One piece of work as the scheduler sees it: who it waits for, how urgent and how long it is. */
export interface WorkNode {
  readonly id: string;
  /** Ids of the nodes whose work must be done before this one starts. */
  readonly dependsOn: readonly string[];
  /** 0 is the most urgent; anything that is not a number counts as least urgent. */
  readonly priority: number;
  /** `false`: never runs beside another node. */
  readonly parallel: boolean;
  /** Estimated duration in any one unit; what is not a positive finite number counts as 1. */
  readonly weight: number;
}

/**
 * `waiting`: not started (whether it may start is what the scheduler finds out). `held`: somebody keeps it
 * from starting for a reason outside the graph. Only `done` satisfies a dependent.
 */
export type NodeState = "waiting" | "running" | "done" | "failed" | "held";

/** The state of a node; `index` is its place in the plan, for callers who keep states in an array. */
export type StateOf = (id: string, index: number) => NodeState;
