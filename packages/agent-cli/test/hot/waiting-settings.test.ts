import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import type { Place } from "@orchard/workflow";
import { expect, test } from "vitest";
import { waitingSettings } from "../../src/hot/waiting-settings.ts";

const PLAIN = { layers: "soft", completeOn: "work", inferred: undefined };

test.each<[string, string | undefined, object]>([
  ["no file", undefined, PLAIN],
  ["an empty file", "", PLAIN],
  ["other settings", '{ "maxParallel": 2 }', PLAIN],
  ["comments and a last comma", '{ // "layers": "soft"\n "layers": "hard", /* x */\n}', { ...PLAIN, layers: "hard" }],
  [
    "texts that look like comments",
    '{ "env": {"A": "http://x,}"}, "completeOn": "merge" }',
    { ...PLAIN, completeOn: "merge" },
  ],
  ["a switch", '{ "inferDependencies": false }', { ...PLAIN, inferred: false }],
])("the settings of %s are read as the schema reads them", (_what, text, settings) => {
  using folder = temporaryFolder();
  expect(waitingSettings(placeIn(folder.path, text, text))).toEqual(settings);
});

test("settings that were not accepted as they stand are not read lightly", () => {
  using folder = temporaryFolder();
  expect(waitingSettings(placeIn(folder.path, '{ "layers": "hard" }', "{}"))).toBeUndefined();
});

function placeIn(folder: string, text: string | undefined, accepted: string | undefined): Place {
  const stateDir = join(folder, "state");
  mkdirSync(join(stateDir, "config"), { recursive: true });
  if (text !== undefined) writeFileSync(join(folder, "orch.config.jsonc"), text);
  if (accepted !== undefined) writeFileSync(join(stateDir, "config", "accepted.jsonc"), accepted);
  return { mainRoot: folder, stateDir } as Place;
}
