import { readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";

/**
 * The control: the usual writer, which reads the whole state, changes it and renames it into place, under a plain lock or
 * under none. It believes in its lock, as everybody does.
 */
const { values } = parseArgs({
  options: {
    file: { type: "string" },
    name: { type: "string" },
    count: { type: "string" },
    lock: { type: "string" },
    pause: { type: "string" },
    wait: { type: "boolean" },
  },
});
const { file = "", name = "", lock: kind = "none" } = values;
if (values.wait === true) {
  writeSync(1, "ready\n");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
}
for (let n = 0; n < Number(values.count ?? Number.POSITIVE_INFINITY); n += 1) {
  const release = kind === "plain" ? await takePlainLock() : undefined;
  const ids = JSON.parse(readFileSync(file, "utf8")) as string[];
  await new Promise((resolve) => setTimeout(resolve, Number(values.pause ?? 0)));
  if (kind === "torn") writeFileSync(file, JSON.stringify([...ids, `${name}.${n}`]));
  else {
    writeFileSync(`${file}.${name}`, JSON.stringify([...ids, `${name}.${n}`]));
    renameSync(`${file}.${name}`, file);
  }
  writeSync(1, `+${name}.${n}\n`);
  await release?.();
}

/** proper-lockfile as its README shows it, with a stale time that suits a test. */
async function takePlainLock(): Promise<() => Promise<void>> {
  const { lock } = await import("proper-lockfile");
  const release = await lock(file, {
    stale: 2000,
    update: 1000,
    retries: { retries: 1000, minTimeout: 5, maxTimeout: 20 },
    onCompromised: () => undefined,
  });
  return () => release().catch(() => undefined);
}
