import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

interface StateDir {
  readonly stateDir: string;
}

/** A new, empty folder in the trash for something that we put aside instead of deleting it. */
export async function trashFolder({ stateDir }: StateDir, what: string): Promise<string> {
  const folder = join(stateDir, "trash", `.${what}-${randomBytes(8).toString("hex")}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** A folder of ours below the state folder, made when it is not there. */
export async function stateFolder({ stateDir }: StateDir, name: string): Promise<string> {
  const folder = join(stateDir, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
