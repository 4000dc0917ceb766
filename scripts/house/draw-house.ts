import { usedRooms } from "./check-circles.ts";
import type { Rules } from "./check-house.ts";
import type { Room } from "./read-house.ts";
import { FLOORS } from "./rules.ts";

/** The house as text: the floors from the table, the arrows from the imports in the code. */
export function drawHouse(house: ReadonlyMap<string, Room>, rules: Rules): string {
  const width = Math.max(...Object.keys(rules).map((name) => name.length));
  return FLOORS.map(([floor, says]) => {
    const names = Object.keys(rules).filter((name) => rules[name]?.floor === floor);
    const title = typeof floor === "number" ? `floor ${floor}  ${says}` : `${floor}   ${says}`;
    return [title, ...names.map((name) => `    ${name.padEnd(width)}  ${arrows(house.get(name))}`)].join("\n");
  }).join("\n");
}

function arrows(room: Room | undefined): string {
  if (room === undefined) return "(to come)";
  const used = usedRooms(room);
  return used.length === 0 ? "uses nothing" : `uses ${used.join(", ")}`;
}
