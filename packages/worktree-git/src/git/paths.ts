import { isUtf8 } from "node:buffer";

/** Splits `-z` output: what stands before each NUL. */
export function splitNul(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0, start); end !== -1; end = bytes.indexOf(0, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) parts.push(bytes.subarray(start));
  return parts;
}

/** Joins path names for `-z --stdin`. */
export function joinNul(parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [typeof part === "string" ? Buffer.from(part) : part, NUL]));
}

/** A path name as text: as it is when it is UTF-8, else with every other byte as `\xNN`. Only for people. */
export function shownPath(path: Buffer): string {
  if (isUtf8(path)) return path.toString("utf8");
  return path.toString("latin1").replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

const NUL = Buffer.from([0]);
