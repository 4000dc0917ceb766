import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePs, parseStat, readProcessTable } from "../../src/processes/process-table.ts";

const REST = "S 1 42 43 0 -1 4194560 100 0 0 0 150 50 20 10 20 0 1 0 987654 0 0";

test("a line of /proc is read, whatever the program calls itself", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(parseStat(`77 (${name}) ${REST}`)).toEqual({
        pid: 77,
        parent: 1,
        group: 42,
        session: 43,
        state: "running",
        startTime: "987654",
        cpuMs: 2300,
      });
    }),
  );
});

test.each([
  ["Z", 1, "ended"],
  ["Z", 3, "running"],
  ["X", 1, "ended"],
  ["T", 1, "stopped"],
  ["t", 1, "stopped"],
  ["D", 1, "running"],
])("state %s with %i threads counts as %s", (letter, threads, state) => {
  const line = `1 (x) ${letter} 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 ${threads} 0 5 0`;
  expect(parseStat(line)?.state).toBe(state);
});

test("half a line is no process", () => {
  expect(parseStat("77 (x) S 1 2")).toBeUndefined();
});

test("the output of ps is read, days of processor time included", () => {
  const text =
    "  501   1   501 Ss   1-02:03:04.50 Sat Nov 21 06:00:00 2026\n  502 501   501 T+      0:00.02 Sat Nov 21 06:00:01 2026\n";
  expect(parsePs(text)).toEqual([
    {
      pid: 501,
      parent: 1,
      group: 501,
      session: 0,
      state: "running",
      startTime: "Sat Nov 21 06:00:00 2026",
      cpuMs: 93_784_500,
    },
    {
      pid: 502,
      parent: 501,
      group: 501,
      session: 0,
      state: "stopped",
      startTime: "Sat Nov 21 06:00:01 2026",
      cpuMs: 20,
    },
  ]);
});

test("the table holds this process and its parent", () => {
  const pids = readProcessTable().map((row) => row.pid);
  expect(pids).toContain(process.pid);
  expect(pids).toContain(process.ppid);
});
