import { lstat, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { Repository } from "../repository/repository.ts";
import { trashFolder } from "../repository/state-folders.ts";
import { onDisk } from "./blockers.ts";

/** Where content goes that stands in a path of ours and is nobody's we know: to the trash, each in a folder of its own. */
export interface Aside {
  /** The trash folder; `undefined` while nothing was put there. */
  readonly trash: string | undefined;
  put(root: string, path: Buffer): Promise<void>;
  /** Puts aside a folder that stands at `path`, and a file or link that stands where a folder above it must be. */
  clearTheWay(root: string, path: Buffer): Promise<void>;
}

export function openAside(repo: Repository): Aside {
  let trash: string | undefined;
  let number = 0;
  const put = async (root: string, path: Buffer): Promise<void> => {
    trash ??= await trashFolder(repo, "advance");
    number += 1;
    const folder = join(trash, String(number));
    await mkdir(folder);
    await rename(onDisk(root, path), onDisk(folder, path.subarray(path.lastIndexOf(SLASH) + 1)));
  };
  return {
    get trash() {
      return trash;
    },
    put,
    async clearTheWay(root, path) {
      for (let end = path.indexOf(SLASH); end !== -1; end = path.indexOf(SLASH, end + 1)) {
        const above = path.subarray(0, end);
        const kind = await kindAt(root, above);
        if (kind === "nothing") return;
        if (kind === "other") return put(root, above);
      }
      if ((await kindAt(root, path)) === "folder") await put(root, path);
    },
  };
}

async function kindAt(root: string, path: Buffer): Promise<"nothing" | "folder" | "other"> {
  try {
    return (await lstat(onDisk(root, path))).isDirectory() ? "folder" : "other";
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return "nothing";
    throw error;
  }
}

const SLASH = "/".charCodeAt(0);
