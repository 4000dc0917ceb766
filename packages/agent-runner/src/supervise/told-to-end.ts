/** Aborts when this process gets SIGTERM; SIGINT and SIGHUP are for people at a terminal, a supervisor has none. */
export function toldToEnd(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const ignore = (): void => undefined;
  process.on("SIGTERM", end);
  process.on("SIGINT", ignore);
  process.on("SIGHUP", ignore);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off("SIGTERM", end);
      process.off("SIGINT", ignore);
      process.off("SIGHUP", ignore);
    },
  };
}
