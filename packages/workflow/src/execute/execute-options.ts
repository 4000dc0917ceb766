/** What a person chose for all lanes of this execution. */
export interface ExecuteOptions {
  /** Agent for lanes that name none. */
  readonly agent?: string | undefined;
}
