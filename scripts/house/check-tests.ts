import { posix } from "node:path";
import { outsideName, SCOPE } from "./check-imports.ts";
import type { Room } from "./read-house.ts";
import type { RoomRule } from "./rules.ts";
import type { Import, SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** What every test may use without saying so: the workspace's own tools. */
const TOOLS = ["node:", "vitest", "fast-check"];

/** A room's tests use the room, what it may use, and testkit: they pass when the room is alone with those. */
export function checkTests(room: Room, rule: RoomRule): readonly Violation[] {
  return room.tests.flatMap((file) =>
    file.imports.flatMap((one) => {
      const what = judge(room, rule, file, one);
      return what === undefined
        ? []
        : [{ check: "tests", where: `${room.folder}/test/${file.path}:${one.line}`, what }];
    }),
  );
}

function judge(room: Room, rule: RoomRule, file: SourceFile, { specifier }: Import): string | undefined {
  if (specifier === undefined) return undefined;
  if (specifier.startsWith(".")) {
    const path = posix.normalize(posix.join("test", posix.dirname(file.path), specifier));
    return path.startsWith("..") ? `${specifier} leaves the room` : undefined;
  }
  const name = specifier.startsWith(SCOPE) ? specifier.split("/").slice(0, 2).join("/") : outsideName(specifier);
  const { dependencies = {}, devDependencies = {} } = room.manifest;
  const other = name.startsWith(SCOPE) ? name.slice(SCOPE.length) : undefined;
  if (other !== undefined && other !== "testkit" && other !== room.name && !rule.mayUse.includes(other)) {
    return `${room.name} may not use ${other}, its tests neither`;
  }
  if (TOOLS.includes(name) || name in dependencies || name in devDependencies || other === room.name) return undefined;
  return `imports ${name} without declaring it`;
}
