import { expect, test } from "vitest";
import { failuresIn } from "../../src/verify/failures-named.ts";

test.each<[string, string, readonly string[] | undefined]>([
  ["nothing that we know", "it went wrong\nsomehow\n", undefined],
  ["TAP", "ok 1 - fine\nnot ok 2 - adds numbers\n    not ok 1 - inner\n", ["adds numbers", "inner"]],
  ["TAP leaves out what is to do", "not ok 1 - later # TODO soon\nnot ok 2 - now\n", ["now"]],
  [
    "node and vitest, without times",
    "✔ fine (1ms)\n✖ adds numbers (12.5ms)\n   × other 3ms\n",
    ["adds numbers", "other"],
  ],
  ["jest", " FAIL  src/a.test.js (5.1 s)\n  ● sums › adds\n", ["src/a.test.js", "sums › adds"]],
  ["pytest", "FAILED tests/test_a.py::test_b - assert 1 == 2\n", ["tests/test_a.py::test_b"]],
  ["go", "--- FAIL: TestSum (0.00s)\n    --- FAIL: TestSum/one (0.00s)\n", ["TestSum", "TestSum/one"]],
  ["cargo", "test sums::adds ... FAILED\ntest ok ... ok\n", ["sums::adds"]],
  [
    "tsc, without positions",
    "src/a.ts(1,2): error TS2322: no\nsrc/a.ts(9,2): error TS2322: no\n",
    ["src/a.ts error TS2322", "src/a.ts error TS2322 (2)"],
  ],
  ["compilers", "src/a.c:12:5: error: no\nsrc/a.c:13:5: warning: hm\n", ["src/a.c error"]],
  [
    "more than can be told apart",
    Array.from({ length: 201 }, (_, at) => `not ok ${at} - t${at}`).join("\n"),
    undefined,
  ],
])("%s", (_, output, names) => {
  expect(failuresIn(output)).toEqual(names);
});
