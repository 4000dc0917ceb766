export interface ExecuteOptions {
  /** Agent for lanes that name none. */
  readonly agent?: string | undefined;
}
