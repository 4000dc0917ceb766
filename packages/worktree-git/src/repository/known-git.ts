import { constants } from "node:fs";
import { access, open, readFile, stat, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { OLDEST_GIT } from "../errors.ts";

/**
 * Remembers in the state folder that the program `git` was new enough, so that it is asked once and not by every command.
 * Another program, or the same one replaced, is asked anew; a script always, since it may call any git.
 */
export async function rememberedGit(
  stateDir: string,
  ask: () => Promise<void>,
  searched: string | undefined = process.env["PATH"],
): Promise<void> {
  const program = await findProgram(searched ?? "");
  if (program === undefined) return ask();
  const file = join(stateDir, "known-git");
  const line = `${OLDEST_GIT} ${program}\n`;
  if ((await readFile(file, "utf8").catch(() => undefined)) === line) return;
  await ask();
  // Who cannot write it, or is cut off in the middle, asks again the next time.
  await writeFile(file, line, { mode: 0o600 }).catch(() => undefined);
}

/** The `git` that a search path leads to, with everything by which it can be told from another one. */
async function findProgram(searched: string): Promise<string | undefined> {
  for (const folder of searched.split(":")) {
    // Elsewhere it leads elsewhere.
    if (!isAbsolute(folder)) return undefined;
    const path = join(folder, "git");
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    if (found?.isFile() !== true || !(await isExecutable(path))) continue;
    if (await isScript(path)) return undefined;
    return JSON.stringify([path, ...[found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].map(String)]);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isScript(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return true;
  try {
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    return start.toString("latin1") === "#!";
  } finally {
    await file.close();
  }
}
