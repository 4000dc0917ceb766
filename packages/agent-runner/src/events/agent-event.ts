import type { IsoTime } from "@orchard/kernel";

/** What an agent's output says, in one vocabulary for all agents. Text in it is the agent's: untrusted. */
export type AgentEvent =
  /** The agent's own session, by which it can be resumed. */
  | { readonly type: "session"; readonly session: string; readonly model?: string }
  | { readonly type: "text"; readonly from: "agent" | "stdout" | "stderr"; readonly text: string }
  /** A tool that the agent uses; `detail` is the command, the file or the arguments, in short. */
  | {
      readonly type: "toolCall";
      readonly tool: string;
      readonly detail: string;
      readonly state: "started" | "done" | "failed" | "denied";
    }
  /** Cumulative over the attempt. `dollars` only where the agent tells. */
  | {
      readonly type: "cost";
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly dollars?: number;
    }
  /** "near" and "reached": a usage limit of the account. "retrying": the service refused, the agent tries again. */
  | {
      readonly type: "limit";
      readonly state: "near" | "reached" | "retrying";
      readonly reason: string;
      readonly resetsAt?: IsoTime;
      /** HTTP status of the refusal; 401 and 403 do not get better by trying. */
      readonly status?: number;
    }
  /** The agent's own word on how it went. Evidence, never proof. */
  | { readonly type: "result"; readonly ok: boolean; readonly text: string; readonly reason?: string }
  /** Output that is not in the log, and why. */
  | { readonly type: "dropped"; readonly bytes: number; readonly reason: string }
  /** A raw file was read up to `bytes` and is emptied now, to keep the disk free. */
  | { readonly type: "emptied"; readonly file: keyof RawPosition; readonly bytes: number }
  /** Something that the adapter does not know, in short. */
  | { readonly type: "other"; readonly name: string; readonly detail: string };

/** An event as it stands in the log: numbered, dated, redacted, printable. */
export type LoggedEvent = AgentEvent & {
  /** Rises by one; a reader that was away asks for what comes after the last one it has. */
  readonly seq: number;
  /** When it was read from the output. */
  readonly at: IsoTime;
  /** Up to where the raw output was read once this line stood in the log. */
  readonly read: RawPosition;
};

/** A place in the raw output. Truncating a file raises its generation and starts at 0 again. */
export interface RawPosition {
  readonly raw: StreamPosition;
  readonly rawErrors: StreamPosition;
}

/** A place in one raw file: `offset` bytes after where it began when it had been emptied `generation` times. */
export interface StreamPosition {
  readonly generation: number;
  readonly offset: number;
}
