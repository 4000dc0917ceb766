import { expect, test } from "vitest";
import { pathsInText } from "../../src/plan/paths-in-text.ts";

test.each([
  ["Create the model in src/models/user.ts", ["src/models/user.ts"]],
  ["Mend `README.md`, then package.json.", ["README.md", "package.json"]],
  ["Add (tests/unit/) and @scope/pkg/index.js", ["@scope/pkg/index.js", "tests/unit"]],
  ["e.g. version 1.2 or 3/4 of it", []],
  ["Look at /etc/passwd and ../outside.ts and https://example.org/a/b", []],
  ["client/server and/or 3/4, but `lib/core`", ["lib/core"]],
])("%s", (text, paths) => expect(pathsInText(text)).toEqual(paths));
