import { type BigIntStats, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { VERSION } from "../version.ts";
import { readText } from "./read-text.ts";

/**
 * A note that files, as they lie there, were checked whole once: as long as the system says that none of them was touched
 * since (inode, size, and both times to the nanosecond), nothing needs to be read again to know it. Losing it costs a
 * check; it is never needed.
 */
export interface Seal {
  /** What was kept when the files were checked, if the seal holds. */
  readonly kept: string | undefined;
  /** Makes it hold for the next time. A file that was touched just now may be touched again within one tick of its clock. */
  keep(text: () => string): void;
}

const SETTLED_MS = 1_000;
/** Raised when what is kept changes its form. */
const FORM = 2;

/** `settings` by which the files were checked are part of what the seal says. `undefined` when a file is missing. */
export function sealOf(
  stateDir: string,
  name: string,
  { files, settings }: { readonly files: readonly string[]; readonly settings: unknown },
): Seal | undefined {
  const stats = files.map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }));
  if (!stats.every((stat) => stat !== undefined)) return undefined;
  const folder = join(stateDir, "seals");
  const key = `${JSON.stringify([VERSION, FORM, settings, ...stats.map(said)])}\n`;
  const found = readText(join(folder, name));
  return {
    kept: found?.startsWith(key) ? found.slice(key.length) : undefined,
    keep: (text) => {
      const settled = Date.now() - SETTLED_MS;
      if (stats.every(({ ctimeMs, mtimeMs }) => ctimeMs < settled && mtimeMs < settled))
        write(folder, name, key + text());
    },
  };
}

function said({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

function write(folder: string, name: string, text: string): void {
  const temporary = join(folder, `${name}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, join(folder, name));
  } catch (error) {
    // Nobody may write here, or there is no room: it is checked again next time.
    if (!isSystemError(error, "EACCES", "EROFS", "EPERM", "ENOSPC", "EDQUOT", "ENOENT")) throw error;
  }
}
