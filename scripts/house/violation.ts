import type { Room } from "./read-house.ts";
import type { SourceFile } from "./source-file.ts";

export type Check =
  | "circle"
  | "computed import"
  | "exports"
  | "floor"
  | "manifest"
  | "outside"
  | "part"
  | "printing"
  | "pure"
  | "references"
  | "table"
  | "tests"
  | "unknown room"
  | "unreadable"
  | "word";

/** One place where the house is not as the table says. */
export interface Violation {
  readonly check: Check;
  /** `packages/host/src/files/x.ts:12`, or the folder of the room. */
  readonly where: string;
  readonly what: string;
}

export function at(room: Room, file: SourceFile, line: number): string {
  return `${room.folder}/src/${file.path}:${line}`;
}

export function sentence({ check, where, what }: Violation): string {
  return `${where} [${check}] ${what}`;
}
