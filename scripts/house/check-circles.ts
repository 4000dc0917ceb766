import { buildGraph, findCycle } from "@orchard/scheduler";
import { resolveFile, SCOPE } from "./check-imports.ts";
import type { Room } from "./read-house.ts";
import type { Violation } from "./violation.ts";

/** No circle of files within a room when the program runs (a type may look back), none of rooms at all. */
export function checkCircles(house: ReadonlyMap<string, Room>): readonly Violation[] {
  const rooms = new Map([...house.values()].map((room) => [room.name, usedRooms(room)]));
  return [
    ...circle(rooms).map((names) => ({ check: "circle" as const, where: "the house", what: names })),
    ...[...house.values()].flatMap((room) =>
      circle(usedFiles(room)).map((names) => ({ check: "circle" as const, where: `${room.folder}/src`, what: names })),
    ),
  ];
}

/** The rooms that the sources of `room` import, in the order of their names. */
export function usedRooms(room: Room): readonly string[] {
  const specifiers = room.files.flatMap((file) => file.imports.map(({ specifier }) => specifier ?? ""));
  const names = specifiers.filter((one) => one.startsWith(SCOPE)).map((one) => one.split("/")[1] ?? "");
  return [...new Set(names)].sort();
}

function usedFiles(room: Room): ReadonlyMap<string, readonly string[]> {
  return new Map(
    room.files.map((file) => {
      const running = file.imports.filter(({ erased }) => !erased).map(({ specifier }) => specifier ?? "");
      const relative = running.filter((one) => one.startsWith("."));
      return [file.path, relative.map((one) => resolveFile(file, one)).filter((path) => path !== undefined)];
    }),
  );
}

function circle(uses: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const nodes = [...uses].map(([id, dependsOn]) => ({ id, dependsOn, priority: 0, parallel: true, weight: 1 }));
  const found = findCycle(buildGraph(nodes));
  return found === undefined ? [] : [`${[...found, found[0]].join(" → ")} is a circle`];
}
