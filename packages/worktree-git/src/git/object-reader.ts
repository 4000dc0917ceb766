import type { Oid } from "../object-id.ts";
import type { HubCallPlace } from "./hub-call-place.ts";
import { openLineProcess } from "./line-process.ts";

export interface GitObject {
  readonly oid: Oid;
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly content: Buffer;
}

/** Reads many objects through one running `git cat-file --batch`: 0.02 ms each instead of one process each. */
export interface ObjectReader extends Disposable {
  /** `undefined` when there is no such object. `name` is an object id, or one with `^{tree}` and the like. */
  read(name: string): Promise<GitObject | undefined>;
}

export function openObjectReader({ cwd, variables }: HubCallPlace): ObjectReader {
  const lines = openLineProcess({ command: "cat-file", options: ["--batch"], cwd, variables, parse: parseObject });
  return {
    read: async (name) => (/[\s\0]/.test(name) ? undefined : lines.ask(name)),
    [Symbol.dispose]: () => lines[Symbol.dispose](),
  };
}

/** `<oid> <type> <size>` NL content NL, or one line that ends with `missing`. */
export function parseObject(
  bytes: Buffer,
): { readonly answer: GitObject | undefined; readonly length: number } | number {
  const end = bytes.indexOf(0x0a);
  if (end === -1) return bytes.length + 1;
  const [oid, type, size] = bytes.toString("latin1", 0, end).split(" ");
  if (size === undefined || !/^[0-9]+$/.test(size)) return { answer: undefined, length: end + 1 };
  const length = end + 1 + Number(size) + 1;
  if (bytes.length < length) return length;
  const content = Buffer.from(bytes.subarray(end + 1, length - 1));
  return { answer: { oid: oid as Oid, type: type as GitObject["type"], content }, length };
}
