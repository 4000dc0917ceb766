import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gitRepo } from "@orchard/testkit";
import { expect, test } from "vitest";
import * as api from "../src/index.ts";
import {
  addLaneFromJson,
  executeLanes,
  findPlace,
  initialiseRepository,
  landLanes,
  openOrchard,
  withDriver,
} from "../src/index.ts";
import { testPorts } from "./ports.ts";

test("the README's example says what happens", async () => {
  using repo = gitRepo();
  const place = findPlace(repo.path);
  await initialiseRepository(place, testPorts(), { by: "me" });
  await using orchard = await openOrchard(place, testPorts(), { by: "me" });
  const lane = { command: "echo hi > hi.txt && git add -A && git commit -qm hi" };
  await addLaneFromJson(orchard, "greeting", JSON.stringify(lane), { replace: false, source: "inline" });
  await withDriver(orchard, { command: "me", interrupted: new AbortController().signal }, async (driver) => {
    expect(await executeLanes(driver, { maxParallel: 4 })).toMatchObject({ completed: ["greeting"], failed: [] });
    expect(await landLanes(driver, {})).toMatchObject({ landed: [{ lane: "greeting", verified: false }] });
  });
  expect(repo.read("hi.txt")).toBe("hi\n");
});

test("every name that the README imports from here is exported", () => {
  const text = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const names = /import \{ (.*) \} from "@orchard\/workflow"/.exec(text)?.[1]?.split(", ") ?? [];
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(Object.keys(api)).toContain(name);
});
