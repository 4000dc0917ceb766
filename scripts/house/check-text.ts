import type { Room } from "./read-house.ts";
import type { RoomRule } from "./rules.ts";
import type { SourceFile, Use } from "./source-file.ts";
import { at, type Check, type Violation } from "./violation.ts";

/** What a room's sources say and do: no words of higher floors, no printing below floor 4, no world in pure parts. */
export function checkText(room: Room, rule: RoomRule): readonly Violation[] {
  return room.files.flatMap((file) => {
    const found = (check: Check, uses: readonly Use[], what: (use: string) => string): readonly Violation[] =>
      uses.map((use) => ({ check, where: at(room, file, use.line), what: what(use.what) }));
    return [
      ...found("word", strangeWords(file, rule.neverSays ?? []), (name) => `${name} says a word of a higher floor`),
      ...found("printing", foreignPrints(rule, file), (use) => `${use} belongs to floor 4`),
      ...found("pure", isPure(rule, file) ? file.impure : [], (use) => `${use} has no place in pure code`),
    ];
  });
}

function foreignPrints(rule: RoomRule, file: SourceFile): readonly Use[] {
  if (rule.floor === 4) return [];
  const ownStderr = rule.ownStderr?.includes(file.path) ?? false;
  return file.prints.filter(({ what }) => !(ownStderr && what === "process.stderr"));
}

function strangeWords(file: SourceFile, never: readonly string[]): readonly Use[] {
  return file.exportedNames.filter(({ what }) => wordsOf(what).some((word) => never.includes(word)));
}

/** `removeLanesOf` = remove, lane, of: plural and case do not hide a word. */
function wordsOf(name: string): readonly string[] {
  const words = name.split(/(?<=[a-z0-9])(?=[A-Z])|_|(?<=[A-Z])(?=[A-Z][a-z])/);
  return words.map((word) => word.toLowerCase()).flatMap((word) => [word, word.replace(/s$/, "")]);
}

function isPure(rule: RoomRule, file: SourceFile): boolean {
  return rule.pure?.some((folder) => file.path.startsWith(folder)) ?? false;
}
