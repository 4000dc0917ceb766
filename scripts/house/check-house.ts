import { checkCircles } from "./check-circles.ts";
import { checkImports } from "./check-imports.ts";
import { checkManifest } from "./check-manifest.ts";
import { checkTests } from "./check-tests.ts";
import { checkText } from "./check-text.ts";
import type { Room } from "./read-house.ts";
import type { RoomRule } from "./rules.ts";
import type { Violation } from "./violation.ts";

export type Rules = Readonly<Record<string, RoomRule>>;

/** Everything in which the house differs from the table; an empty list is the goal. */
export function checkHouse(house: ReadonlyMap<string, Room>, rules: Rules): readonly Violation[] {
  return [
    ...checkTable(house, rules),
    ...[...house.values()].flatMap((room) => checkRoom(room, rules[room.name], house)),
    ...checkCircles(house),
  ];
}

function checkRoom(room: Room, rule: RoomRule | undefined, house: ReadonlyMap<string, Room>): readonly Violation[] {
  const unreadable = room.unreadable.map(({ path, why }) => ({
    check: "unreadable" as const,
    where: `${room.folder}/src/${path}`,
    what: why,
  }));
  if (rule === undefined)
    return [{ check: "unknown room", where: room.folder, what: "scripts/house/rules.ts has no row" }];
  return [
    ...unreadable,
    ...checkImports(room, rule, house),
    ...checkText(room, rule),
    ...checkManifest(room, rule),
    ...checkTests(room, rule),
  ];
}

/** The table itself: uses go down, and every room that is not still to come is there. */
function checkTable(house: ReadonlyMap<string, Room>, rules: Rules): readonly Violation[] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const found = (what: string): Violation => ({ check: "table", where: name, what });
    const isThere = house.has(name);
    return [
      ...(isThere || rule.toCome ? [] : [found("has a row, but no folder")]),
      ...(isThere && rule.toCome ? [found("is there, but its row says that it is to come")] : []),
      ...rule.mayUse
        .filter((other) => !isBelow(rules[other], rule) && !(name === "host" && other === "kernel"))
        .map((other) => found(`may use ${other}, which is on no lower floor`)),
    ];
  });
}

function isBelow(lower: RoomRule | undefined, upper: RoomRule): boolean {
  return lower !== undefined && lower.floor !== "beside" && upper.floor !== "beside" && lower.floor < upper.floor;
}
