import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { publishedSchemas, SCHEMA_FOLDER } from "../schemas/published-schemas.ts";

const root = join(import.meta.dirname, "../..");
const schemas = publishedSchemas();

test.each([...schemas])("%s says what the code checks with", (path, text) => {
  const committed = readFileSync(join(root, path), "utf8");
  expect(committed, "mend it with: node --conditions=@orchard/source scripts/schemas.ts").toBe(text);
});

test("they are shipped with orch", () => {
  const { files, exports } = JSON.parse(readFileSync(join(root, "apps/orch/package.json"), "utf8"));
  expect(files).toContain("schemas");
  expect(exports).toHaveProperty("./schemas/*");
});

const GAP = { id: "todo.a", title: "Mend a", files: ["src/a.ts"] };
const LANE = { id: "a", tasks: ["mend it"] };

test.each<[string, unknown, boolean]>([
  ["config", {}, true],
  ["config", { $schema: "./x.json", maxParallel: 2, verify: ["npm test"], limits: { idle: "15m" } }, true],
  ["config", { maxParallel: "two" }, false],
  ["config", { verfy: ["npm test"] }, false],
  ["probe-result", { probe: "todo", gaps: [GAP] }, true],
  ["probe-result", { probe: "todo", gaps: [{ ...GAP, command: "x" }] }, false],
  ["probe-result", { gaps: [] }, false],
  ["plan", { lanes: [LANE] }, true],
  ["plan", { lanes: [{ ...LANE, agent: "x" }] }, false],
  ["plan", { lanes: [{ ...LANE, priority: "urgent" }] }, false],
  ["tracker", {}, false],
])("an editor tells right from wrong by it: %s %j", (name, value, isRight) => {
  const text = schemas.get(`${SCHEMA_FOLDER}/${name}.schema.json`) ?? "";
  const ajv = new Ajv({ strict: false, validateFormats: false });
  expect(ajv.validate(JSON.parse(text) as object, value)).toBe(isRight);
});
