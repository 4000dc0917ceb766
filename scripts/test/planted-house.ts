import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { checkHouse } from "../house/check-house.ts";
import { readHouse } from "../house/read-house.ts";
import type { RoomRule } from "../house/rules.ts";
import { sentence } from "../house/violation.ts";

/** A small house that is in order, under the same kinds of rule as the real one. */
const RULES: Readonly<Record<string, RoomRule>> = {
  kernel: { floor: 0, says: "", mayUse: [], outside: [], pure: [""] },
  host: {
    floor: 0,
    says: "",
    mayUse: ["kernel"],
    outside: ["node:", "some-lock"],
    onlyIn: { "some-lock": "lock.ts" },
    neverSays: ["lane", "task"],
    ownStderr: ["detached.ts"],
  },
  core: {
    floor: 1,
    says: "",
    mayUse: ["kernel", "host"],
    outside: ["node:"],
    onlyIn: { host: "store/", "node:": "store/" },
  },
  app: { floor: 4, says: "", mayUse: ["kernel", "core"], outside: [], brings: ["tool"] },
  later: { floor: 2, says: "", mayUse: ["core"], outside: [], toCome: true },
};

const SOUND: Files = {
  ...room("packages/kernel", []),
  "packages/kernel/src/index.ts": "export const one = 1;\nexport type One = typeof one;\n",
  ...room("packages/host", ["kernel"], { "some-lock": "1.0.0" }),
  "packages/host/src/index.ts": 'export { lock } from "./lock.ts";\n',
  "packages/host/src/lock.ts":
    'import { one } from "@orchard/kernel";\nimport take from "some-lock";\nexport const lock = () => take(one);\n',
  "packages/host/src/testing.ts": 'import "node:fs";\n',
  ...room("packages/core", ["host"]),
  "packages/core/src/index.ts": 'export * from "./store/store.ts";\n',
  "packages/core/src/store/store.ts":
    'import { lock } from "@orchard/host";\nexport const store = async () => lock();\n',
  ...room("apps/app", ["core"], { "@orchard/tool": "workspace:*" }),
  "apps/app/src/main.ts": 'import { store } from "@orchard/core";\nconsole.log(store);\n',
};

export type Files = Readonly<Record<string, string>>;

/** The sentences of all violations in the sound house with `planted` written over it. */
export function violationsWith(planted: Files, rules: Readonly<Record<string, RoomRule>> = {}): readonly string[] {
  using folder = temporaryFolder("planted house");
  for (const [path, text] of Object.entries({ ...SOUND, ...planted })) {
    mkdirSync(join(folder.path, dirname(path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  return checkHouse(readHouse(folder.path), { ...RULES, ...rules }).map(sentence);
}

/** package.json and tsconfig.json of a room that uses `rooms` and `outside`. */
export function room(folder: string, rooms: readonly string[], outside: Files = {}, references = rooms): Files {
  const name = `@orchard/${folder.split("/")[1]}`;
  const dependencies = { ...Object.fromEntries(rooms.map((one) => [`@orchard/${one}`, "workspace:*"])), ...outside };
  const exports = { ".": "./src/index.ts", "./testing": "./src/testing.ts" };
  return {
    [`${folder}/package.json`]: JSON.stringify({ name, exports, dependencies }),
    [`${folder}/tsconfig.json`]: JSON.stringify({ references: references.map((one) => ({ path: `../${one}` })) }),
  };
}
