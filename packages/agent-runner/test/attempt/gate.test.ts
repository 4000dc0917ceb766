import { spawn } from "node:child_process";
import { once } from "node:events";
import { truncateSync } from "node:fs";
import { identityOfChild, ownIdentity } from "@orchard/host";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { closeGate, endedAtGate } from "../../src/attempt/gate.ts";
import { attemptFiles } from "../../src/index.ts";

test("that an agent never ran is only said when it is certain", async () => {
  using folder = temporaryFolder();
  const child = spawn("true");
  const dead = identityOfChild(child.pid);
  await once(child, "exit");
  expect(endedAtGate(folder.path, dead), "no gate was ever closed").toBe(false);
  closeGate(folder.path);
  expect(endedAtGate(folder.path, dead)).toBe(true);
  expect(endedAtGate(folder.path, ownIdentity()), "it lives").toBe(false);
  expect(endedAtGate(folder.path, { ...dead, bootId: "of yesterday" }), "the power was cut").toBe(false);
  expect(endedAtGate(folder.path, { ...dead, host: "elsewhere" }), "it cannot be judged from here").toBe(false);
  truncateSync(attemptFiles(folder.path).gate);
  expect(endedAtGate(folder.path, dead), "it was let run").toBe(false);
});
