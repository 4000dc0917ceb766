import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { gitFailed } from "../errors.ts";
import { gitArguments } from "./arguments.ts";
import { gitEnvironment } from "./environment.ts";
import type { Subcommand } from "./subcommands.ts";

/** A git process that answers one request a line, in order. It keeps no program alive and ends with ours. */
export interface LineProcess<Answer> extends Disposable {
  ask(line: string): Promise<Answer>;
}

export interface LineProcessOptions<Answer> {
  readonly command: Subcommand;
  readonly options: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The first whole answer in `bytes` and its length, or how many bytes there must be before another look. */
  parse(bytes: Buffer): { readonly answer: Answer; readonly length: number } | number;
}

/** The process starts with the first request. After it failed, or was ended, every request rejects with `GIT_FAILED`. */
export function openLineProcess<Answer>(options: LineProcessOptions<Answer>): LineProcess<Answer> {
  let child: Child | undefined;
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  const buffer = answersIn(options.parse, (answer) => waiting.shift()?.resolve(answer));
  let failed: Error | undefined;
  const fail = (error: Error): void => {
    failed ??= error;
    for (const { reject } of waiting.splice(0)) reject(failed);
  };
  const begun = (): Child => {
    const started = start(options);
    started.once("error", fail);
    started.once("close", (code) => fail(gitFailed(options.command, code ?? "a signal", "")));
    started.stdin.on("error", () => {}); // the close that follows tells what happened
    started.stdout.on("data", (chunk: Buffer) => {
      buffer(chunk);
      if (waiting.length === 0) keepAlive(started, false);
    });
    keepAlive(started, false);
    return started;
  };
  return {
    ask: (line) =>
      new Promise((resolve, reject) => {
        if (failed !== undefined) return reject(failed);
        child ??= begun();
        if (waiting.length === 0) keepAlive(child, true);
        waiting.push({ resolve, reject });
        child.stdin.write(`${line}\n`);
      }),
    [Symbol.dispose]: () => {
      if (child === undefined) fail(gitFailed(options.command, "no process", ""));
      else child.stdin.end();
    },
  };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function start({ command, options, cwd, variables }: LineProcessOptions<unknown>): Child {
  return spawn("git", gitArguments({ command, options }), {
    cwd,
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    env: gitEnvironment(process.env, { writes: true, durable: false, variables }),
  });
}

/** While it owes an answer the process counts as work; idle it must not keep the program from ending. */
function keepAlive(child: Child, busy: boolean): void {
  for (const each of [child, child.stdout as unknown as Refable, child.stdin as unknown as Refable]) {
    if (busy) each.ref();
    else each.unref();
  }
}

interface Refable {
  ref(): void;
  unref(): void;
}

/** Puts chunks together and hands out every whole answer. */
function answersIn<Answer>(
  parse: LineProcessOptions<Answer>["parse"],
  deliver: (answer: Answer) => void,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = 1;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < needed) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (;;) {
      const found = bytes.length === 0 ? 1 : parse(bytes);
      if (typeof found === "number") {
        needed = found;
        break;
      }
      bytes = bytes.subarray(found.length);
      deliver(found.answer);
    }
    chunks = bytes.length === 0 ? [] : [bytes];
    size = bytes.length;
  };
}
