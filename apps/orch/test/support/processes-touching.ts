import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Touching {
  readonly pid: number;
  readonly command: string;
}

/** Living processes that have `folder` in their arguments, their environment or as their place; never this one. */
export function processesTouching(folder: string): readonly Touching[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = textOf(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
      const places = [command, textOf(`/proc/${name}/environ`), linkOf(`/proc/${name}/cwd`)];
      const isZombie = /^State:\s+Z/m.test(textOf(`/proc/${name}/status`));
      return !isZombie && places.some((text) => text.includes(folder)) ? [{ pid: Number(name), command }] : [];
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path, "latin1");
  } catch {
    return "";
  }
}
