/** What a command answers: data for programs, text for people and agents, and how it went. */
export interface Answer {
  /** What `--json` prints, one object; notices are added to it. */
  readonly data: object;
  /** Ends with a newline. May hold colours of ours; everything else in it is made safe when it is printed. */
  readonly text: string;
  /** 0 when absent. */
  readonly exitCode?: number;
}
