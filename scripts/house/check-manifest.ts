import { outsideName, SCOPE } from "./check-imports.ts";
import type { Room } from "./read-house.ts";
import type { RoomRule } from "./rules.ts";
import type { Violation } from "./violation.ts";

/** package.json says exactly what the sources import and what is brought along, and tsconfig.json refers to exactly those rooms. */
export function checkManifest(room: Room, { brings = [] }: RoomRule): readonly Violation[] {
  const { manifest } = room;
  const brought = brings.map((name) => SCOPE + name);
  const everything = Object.keys(manifest.dependencies ?? {}).sort();
  const declared = without(everything, brought);
  const imported = importedPackages(room);
  const rooms = declared.filter((name) => name.startsWith(SCOPE)).map((name) => name.slice(SCOPE.length));
  const found = (check: "manifest" | "references", what: string): Violation => ({ check, where: room.folder, what });
  return [
    ...(manifest.name === SCOPE + room.name ? [] : [found("manifest", `its name must be ${SCOPE}${room.name}`)]),
    ...without(brought, everything).map((name) => found("manifest", `brings ${name} without declaring it`)),
    ...without(imported, declared).map((name) => found("manifest", `imports ${name} without declaring it`)),
    ...without(declared, imported).map((name) => found("manifest", `declares ${name} and does not import it`)),
    ...without(rooms, room.references).map((name) =>
      found("references", `depends on ${name}, tsconfig.json does not refer to it`),
    ),
    ...without(room.references, rooms).map((name) =>
      found("references", `tsconfig.json refers to ${name}, which is no dependency`),
    ),
  ];
}

function importedPackages(room: Room): readonly string[] {
  const specifiers = room.files.flatMap((file) => file.imports.map(({ specifier }) => specifier ?? "."));
  const names = specifiers.filter((one) => !/^[./]/.test(one)).map(outsideName);
  return [...new Set(names)].filter((name) => name !== "node:" && name !== SCOPE + room.name).sort();
}

function without(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((one) => !others.includes(one));
}
