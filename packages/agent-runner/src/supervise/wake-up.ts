import { watch } from "node:fs";

/** Lets a loop sleep until something calls it, or a time is over. Calls before the sleep are not lost. */
export class WakeUp implements Disposable {
  private called = false;
  private wake: () => void = () => undefined;
  private readonly stops: (() => void)[] = [];

  readonly call = (): void => {
    this.called = true;
    this.wake();
  };

  async sleep(ms: number): Promise<void> {
    if (!this.called) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
    }
    this.called = false;
  }

  /** Called whenever something in that folder changes, as far as the system has a watcher left for us. */
  watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, this.call);
      watcher.on("error", () => undefined);
      this.stops.push(() => watcher.close());
    } catch {
      // The time limit of every sleep does the same, later.
    }
  }

  [Symbol.dispose](): void {
    for (const stop of this.stops) stop();
  }
}
