import { gitRepo } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findPlace, proposeConfig, readConfig, writeConfig } from "../../src/index.ts";

test.each<[string, Record<string, string>, string | undefined]>([
  ["a Node project with tests", { "package.json": '{"scripts": {"test": "vitest run"}}' }, "npm test"],
  ["npm's placeholder is no test", { "package.json": '{"scripts": {"test": "echo no test specified"}}' }, undefined],
  ["a package.json without scripts", { "package.json": "{}" }, undefined],
  ["a package.json that is no JSON", { "package.json": "{" }, undefined],
  ["a package.json that is null", { "package.json": "null" }, undefined],
  ["Rust", { "Cargo.toml": "" }, "cargo test"],
  ["Go", { "go.mod": "" }, "go test ./..."],
  ["Python", { "pyproject.toml": "" }, "python3 -m pytest -q"],
  ["a Makefile with a test", { Makefile: "all:\n\ntest: all\n\t./run\n" }, "make test"],
  ["a Makefile without one", { Makefile: "all:\n" }, undefined],
  ["nothing that is known", {}, undefined],
])("the way to check the work is found: %s", async (_name, files, expected) => {
  using repo = gitRepo(files);
  const place = findPlace(repo.path);
  const proposal = await proposeConfig(place);
  expect(proposal?.text.match(/"verify": \["(.*)"\]/)?.[1]).toBe(expected);
  if (proposal === undefined) return;
  expect(await writeConfig(place, proposal)).toBe("orch.config.jsonc");
  expect((await readConfig(place)).notAccepted).toMatchObject([{ key: "verify", found: [expected] }]);
});

test("where a configuration stands, none is proposed", async () => {
  using repo = gitRepo({ "Cargo.toml": "", "orch.config.jsonc": "{}" });
  expect(await proposeConfig(findPlace(repo.path))).toBeUndefined();
});
