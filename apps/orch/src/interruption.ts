/**
 * How a person (or the system) asked this process to end. Until somebody asks for `signal` or `onSecond`, such a
 * signal ends the process at once, as it does any program: nothing of ours is hurt by that.
 */
export interface Interruption extends Disposable {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP: nothing new is started, agents go on. */
  readonly signal: AbortSignal;
  /** The signal that came, for the exit code. */
  cause(): NodeJS.Signals | undefined;
  /** Called when a second Ctrl+C comes within 5 s. */
  onSecond(act: () => void): void;
  /**
   * After a first Ctrl+C: waits for what is left of the 5 s, or until the second comes, and says whether it came.
   * False at once when this process was asked to end in another way.
   */
  secondComes(): Promise<boolean>;
}

const SECOND_WITHIN = 5_000;
const EXIT_CODE: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

export function interruptible(): Interruption {
  const controller = new AbortController();
  let cause: NodeJS.Signals | undefined;
  let first = 0;
  let second: (() => void) | undefined;
  const came = Promise.withResolvers<boolean>();
  const listener = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (cause === "SIGINT" && signal === "SIGINT" && now - first <= SECOND_WITHIN) {
      second?.();
      came.resolve(true);
    }
    cause ??= signal;
    first = now;
    controller.abort();
  };
  const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  let isListening = false;
  const listen = () => {
    if (!isListening) for (const signal of signals) process.on(signal, listener);
    isListening = true;
  };
  return {
    get signal() {
      listen();
      return controller.signal;
    },
    cause: () => cause,
    onSecond: (act) => {
      listen();
      second = act;
    },
    secondComes: async () => {
      if (cause !== "SIGINT") return false;
      const timer = setTimeout(came.resolve, first + SECOND_WITHIN - performance.now(), false);
      const answer = await came.promise;
      clearTimeout(timer);
      return answer;
    },
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}

/** 130, 143 or 129, as shells say it. */
export function exitCodeOf(cause: NodeJS.Signals | undefined): number {
  return (cause === undefined ? undefined : EXIT_CODE[cause]) ?? 130;
}
