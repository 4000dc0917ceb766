import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FileSystem, nodeFiles } from "@orchard/host";
import { networkFileSystem, unsafeFileSystem } from "./errors.ts";

/**
 * Whether the journal can be kept in `folder`, which need not be there yet: looks at the type of the file system, then lets
 * two processes append to one file at the same time. Throws `NETWORK_FILE_SYSTEM` for NFS, SMB, 9p, FUSE and virtiofs,
 * `UNSAFE_FILE_SYSTEM` when an append was lost or torn. Leaves nothing behind.
 */
export async function probeFolder(folder: string, files: FileSystem = nodeFiles): Promise<void> {
  const place = await nearestFolder(files, folder);
  const type = NETWORK_TYPES.get((await files.fileSystemType(place)) >>> 0);
  if (process.platform === "linux" && type !== undefined) throw networkFileSystem(folder, type);
  const probe = join(place, `.orchard-probe-${randomBytes(6).toString("hex")}`);
  mkdirSync(probe, { mode: 0o700 });
  try {
    const path = join(probe, "appends");
    await Promise.all(WRITERS.map((writer) => appendTo(path, writer)));
    const why = whyUnsafe(readFileSync(path, "latin1"));
    if (why !== undefined) throw unsafeFileSystem(folder, why);
  } finally {
    rmSync(probe, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function nearestFolder(files: FileSystem, folder: string): Promise<string> {
  return (await files.stat(folder))?.kind === "folder" ? folder : nearestFolder(files, dirname(folder));
}

/** Runs in a process of its own; given as text, so that it needs no file beside a bundle. */
const APPENDS = `
const fs = require("node:fs");
const [path, writer, count] = process.argv.slice(1);
const descriptor = fs.openSync(path, "a");
for (let n = 0; n < Number(count); n += 1) {
  const line = Buffer.from("\\n" + writer + " " + n + " " + "x".repeat(100 + (n % 200)) + "\\n");
  if (fs.writeSync(descriptor, line) !== line.length) process.exit(1);
}
fs.fdatasyncSync(descriptor);
`;
const WRITERS = ["a", "b"];
const COUNT = 500;

function appendTo(path: string, writer: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["-e", APPENDS, path, writer, String(COUNT)], { stdio: "ignore" });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(unsafeFileSystem(dirname(path), "appending to a file failed")),
    );
  });
}

/** Every append is there once, whole, and those of one process in its order. */
function whyUnsafe(content: string): string | undefined {
  const lines = content.split("\n").filter((line) => line !== "");
  for (const writer of WRITERS) {
    const own = lines.filter((line) => line.startsWith(`${writer} `));
    const isWhole = own.every((line, n) => line === `${writer} ${n} ${"x".repeat(100 + (n % 200))}`);
    if (!isWhole || own.length !== COUNT) return "appends of two processes were lost, torn or mixed up";
  }
  return lines.length === COUNT * WRITERS.length ? undefined : "appends of two processes were mixed up";
}

/** The numbers of `statfs(2)`. virtiofs says FUSE. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "SMB (CIFS)"],
  [0xfe534d42, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE or virtiofs"],
  [0x786f4256, "a VirtualBox share"],
  [0xbacbacbc, "a VMware share"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
]);
