import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const examples = join(import.meta.dirname, "..");
const stories = readdirSync(examples).filter((name) => existsSync(join(examples, name, "story.sh")));

test("there are stories", () => {
  expect(stories).toContain("live-layers");
});

/** It takes a minute, because it plays the waterfall too: only in the long form. */
const LONG = ["three-agents"];
const played = stories.filter((name) => process.env["ORCHARD_LONG"] === "1" || !LONG.includes(name));

test.each(played)("the story %s runs to its end", (name) => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(GIT|ORBIT|ORCH)_/.test(key)));
  const { status, stdout, stderr } = spawnSync("sh", [join(examples, name, "story.sh")], { encoding: "utf8", env });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
});
