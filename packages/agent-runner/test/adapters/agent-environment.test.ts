import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { agentEnvironment, findInstalled, LONGEST_PROMPT_VARIABLE } from "../../src/index.ts";

test("an agent gets what programs need, our variables and its own settings; nothing else gets through", () => {
  const base = {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    HTTPS_PROXY: "http://p",
    ORCH_STATE_DIR: "/s",
    ORBIT_AGENT: "a",
    ANTHROPIC_API_KEY: "a",
    OPENAI_API_KEY: "o",
    GIT_DIR: "/evil",
    GIT_INDEX_FILE: "x",
    NODE_OPTIONS: "--require evil",
    LD_PRELOAD: "evil.so",
    STRIPE_KEY: "s",
    ORCH_ATTEMPT: "outer",
    ORCH_SUPERVISES: "/f",
    EMPTY: undefined,
  };
  const shared = {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    HTTPS_PROXY: "http://p",
    ORCH_STATE_DIR: "/s",
    ORBIT_AGENT: "a",
  };
  expect(agentEnvironment(base, { MY: "1" }, "claude")).toEqual({ ...shared, ANTHROPIC_API_KEY: "a", MY: "1" });
  expect(agentEnvironment(base, {}, "codex")).toEqual({ ...shared, OPENAI_API_KEY: "o" });
  expect(agentEnvironment(base, { PATH: "/mine" }, "codex")["PATH"]).toBe("/mine");
});

test("a prompt is a variable as long as every system takes it", () => {
  const fits = "x".repeat(LONGEST_PROMPT_VARIABLE);
  expect(agentEnvironment({}, { ORCH_PROMPT: fits })).toEqual({ ORCH_PROMPT: fits });
  expect(agentEnvironment({}, { ORCH_PROMPT: `${fits}x` })).toEqual({});
  expect(agentEnvironment({}, { ORCH_PROMPT: "ü".repeat(LONGEST_PROMPT_VARIABLE - 1) })).toEqual({});
});

test("only programs that may be run are agents that are installed; the first folder wins", () => {
  using place = temporaryFolder();
  const [first, second] = [join(place.path, "a"), join(place.path, "b")];
  for (const folder of [first, second]) {
    mkdirSync(folder);
    writeFileSync(join(folder, "claude"), "#!/bin/sh\n");
    mkdirSync(join(folder, "codex"));
  }
  chmodSync(join(second, "claude"), 0o755);
  expect(findInstalled(`${first}:${second}`)).toEqual([{ name: "claude", path: join(second, "claude") }]);
  chmodSync(join(first, "claude"), 0o755);
  expect(findInstalled(`${first}:${second}`)).toEqual([{ name: "claude", path: join(first, "claude") }]);
  expect(findInstalled("")).toEqual([]);
});
