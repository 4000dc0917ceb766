import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/guides/settings.md"), "utf8");
const schema: Schema = JSON.parse(readFileSync(join(root, "apps/orch/schemas/config.schema.json"), "utf8"));

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
}

/** The first cells of the rows below a heading; without one, of those above the first. */
function rowsOf(heading?: string): readonly string[] {
  const sections = page.split(/^## /m);
  const section = heading === undefined ? sections[0] : sections.find((one) => one.startsWith(heading));
  return [...(section ?? "").matchAll(/^\| `([$\w]+)`/gm)].map(([, name = ""]) => name);
}

const { properties: settings = {} } = schema;

test.each<[string, Schema["properties"], string | undefined]>([
  ["setting", settings, undefined],
  ["field of an agent", settings["agents"]?.additionalProperties?.properties, "An entry of `agents`"],
  ["limit", settings["limits"]?.properties, "An entry of `limits`"],
])("settings.md has a line for every %s, and for no other", (_what, properties = {}, heading) => {
  expect(Object.keys(properties).length).toBeGreaterThan(1);
  expect([...rowsOf(heading)].sort()).toEqual(Object.keys(properties).sort());
});

test("settings.md marks those that need acceptance, and no other", async () => {
  const source = readFileSync(join(root, "packages/workflow/src/config/config-schema.ts"), "utf8");
  const trusted = [...(/TRUSTED_KEYS = \[([^\]]*)\]/.exec(source)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(
    ([, key]) => key,
  );
  const marked = [...page.matchAll(/^\| `(\w+)` ✓/gm)].map(([, key]) => key);
  expect(trusted.length).toBeGreaterThan(5);
  expect(marked.sort()).toEqual(trusted.sort());
});
