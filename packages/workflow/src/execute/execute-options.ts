/** What a person chose for all lanes of this execution. */
export interface ExecuteOptions {
  /** Agent for lanes that name none. */
  readonly agent?: string | undefined;
  /** Where the commit that a lane started from is red already, its work counts when it adds no failure. */
  readonly allowRedBase?: boolean | undefined;
}
