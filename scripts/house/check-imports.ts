import { posix } from "node:path";
import type { Room } from "./read-house.ts";
import type { RoomRule } from "./rules.ts";
import type { Import, SourceFile } from "./source-file.ts";
import { at, type Check, type Violation } from "./violation.ts";

/** The scope of the house's own packages. */
export const SCOPE = "@orchard/";

/** Every import of `room` goes down, through the other's `exports`, and to the outside only where the table says. */
export function checkImports(room: Room, rule: RoomRule, house: ReadonlyMap<string, Room>): readonly Violation[] {
  return room.files.flatMap((file) =>
    file.imports.flatMap((one) => {
      const found = judge(room, rule, house, file, one);
      return found === undefined ? [] : [{ check: found[0], where: at(room, file, one.line), what: found[1] }];
    }),
  );
}

type Judgement = readonly [Check, string] | undefined;

function judge(
  room: Room,
  rule: RoomRule,
  house: ReadonlyMap<string, Room>,
  file: SourceFile,
  { specifier }: Import,
): Judgement {
  if (specifier === undefined) return ["computed import", "what is imported is computed, so nobody can check it"];
  if (specifier.startsWith(".") || specifier.startsWith("/")) return judgeFile(room, file, specifier);
  if (specifier.startsWith(SCOPE)) return judgeRoom(room, rule, house, file, specifier);
  return judgeOutside(rule, file, specifier);
}

function judgeFile(room: Room, file: SourceFile, specifier: string): Judgement {
  const path = resolveFile(file, specifier);
  if (path === undefined) return ["exports", `${specifier} leaves the room; import what a package exports`];
  const exists = room.files.some((one) => one.path === path) || room.unreadable.some((one) => one.path === path);
  return exists ? undefined : ["exports", `${specifier} is not a source of this room`];
}

/** The path below `src/` that a relative import means; `undefined` outside of it. */
export function resolveFile(file: SourceFile, specifier: string): string | undefined {
  const path = posix.normalize(posix.join(posix.dirname(file.path), specifier));
  return specifier.startsWith("/") || path.startsWith("..") ? undefined : path;
}

function judgeRoom(
  room: Room,
  rule: RoomRule,
  house: ReadonlyMap<string, Room>,
  file: SourceFile,
  specifier: string,
): Judgement {
  const [, name = "", ...rest] = specifier.split("/");
  if (name === room.name) return ["exports", "a room imports itself by its files, not by its name"];
  if (!rule.mayUse.includes(name)) return ["floor", `${room.name} may not use ${name}`];
  const entry = rest.length === 0 ? "." : `./${rest.join("/")}`;
  const exported = house.get(name)?.manifest.exports ?? {};
  if (!(entry in exported)) return ["exports", `${name} does not export ${entry}`];
  if (entry === "./testing") return ["exports", `${specifier} is for tests`];
  return judgePart(rule, file, name);
}

function judgeOutside(rule: RoomRule, file: SourceFile, specifier: string): Judgement {
  const name = outsideName(specifier);
  if (!rule.outside.includes(name)) return ["outside", `${specifier} may not be imported here`];
  return judgePart(rule, file, name);
}

/** `node:` for Node's own modules, else the package's name without a path inside it. */
export function outsideName(specifier: string): string {
  if (specifier.startsWith("node:")) return "node:";
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

function judgePart(rule: RoomRule, file: SourceFile, name: string): Judgement {
  const part = rule.onlyIn?.[name];
  if (part === undefined || file.path === part || (part.endsWith("/") && file.path.startsWith(part))) return undefined;
  return ["part", `only src/${part} may import ${name === "node:" ? "Node's modules" : name}`];
}
