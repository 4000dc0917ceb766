import { isOrchardError } from "@orchard/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cycleOf, MOST_GAPS, parseProbeResult, whyNotAPath } from "../../src/index.ts";

const GAP = { id: "todo.one", title: "One" };

describe("a probe's result", () => {
  test("with nothing missing is valid", () => {
    expect(parse({ probe: "todo", gaps: [] })).toEqual({ probe: "todo", gaps: [] });
  });

  test("gives what a gap leaves out its plain value", () => {
    const [gap] = (parse({ probe: "todo", gaps: [GAP] }) as { gaps: unknown[] }).gaps;
    expect(gap).toEqual({ ...GAP, severity: "medium", files: [], tasks: [], dependsOn: [] });
  });

  test.each([
    ["an absolute path", { files: ["/etc/passwd"] }, 'field "gaps[0].files[0]": "/etc/passwd"', "it is absolute"],
    ["a path outside", { files: ["../x"] }, 'field "gaps[0].files[0]"', "leads outside"],
    ["a path through a folder outside", { files: ["a/../../x"] }, "files[0]", "leads outside"],
    ["a path of Windows", { files: ["C:/x"] }, "files[0]", "it is absolute"],
    ["a path into git's folder", { files: ["sub/.git/hooks/post-commit"] }, "files[0]", "only git and Orchard"],
    ["evidence outside", { evidence: [{ file: "../../x" }] }, "evidence[0].file", "leads outside"],
    ["an id that is none", { id: "todo.a b" }, "gaps[0].id", "is not a gap id"],
    ["an id that is a ref's lock", { id: "todo.lock" }, "gaps[0].id", "ends with '.lock'"],
    ["another probe's gap", { id: "docs.one" }, "gaps[0].id", 'a gap of "docs"'],
    ["a gap that is not there", { dependsOn: ["todo.two"] }, "dependsOn[0]", "is no gap of this result"],
    ["a gap that waits for itself", { dependsOn: ["todo.one"] }, "dependsOn", "todo.one → todo.one"],
    ["a command", { command: "rm -rf /" }, "gaps[0].command", "unknown field"],
    ["an agent", { agent: "claude" }, "gaps[0].agent", "unknown field"],
    ["variables", { env: { PATH: "/tmp" } }, "gaps[0].env", "unknown field"],
    ["what verifies", { verify: ["true"] }, "gaps[0].verify", "unknown field"],
  ])("with %s is refused, with its place", (_, change, place, why) => {
    const message = refusal({ probe: "todo", gaps: [{ ...GAP, ...change }] });
    expect(message).toMatch(/^todo\.json:\d+:\d+: /);
    expect(message).toContain(place);
    expect(message).toContain(why);
  });

  test("in which gaps wait in a circle is refused with the circle", () => {
    const gaps = [
      { ...GAP, dependsOn: ["todo.two"] },
      { id: "todo.two", title: "Two", dependsOn: ["todo.one"] },
    ];
    expect(refusal({ probe: "todo", gaps })).toContain("todo.one → todo.two → todo.one");
  });

  test("that names a gap twice, or too many of them, is refused", () => {
    expect(refusal({ probe: "todo", gaps: [GAP, GAP] })).toContain('"todo.one" is there twice');
    const many = Array.from({ length: MOST_GAPS + 1 }, (_, at) => ({ id: `todo.g${at}`, title: "x" }));
    expect(refusal({ probe: "todo", gaps: many })).toContain('field "gaps"');
  });

  test("of another probe, or with a command of its own, is refused", () => {
    expect(refusal({ probe: "docs", gaps: [] })).toContain('the result of "docs"');
    expect(refusal({ probe: "todo", gaps: [], command: ["sh"] })).toContain('field "command": unknown field');
  });

  test("larger than a result may be is refused before it is read", () => {
    expect(refusalOf(`{"probe": "todo", "gaps": [], "summary": "${"x".repeat(1 << 20)}"}`)).toContain("larger than");
  });
});

test("a path that is taken never leads out of the repository, whatever it is made of", () => {
  const part = fc.constantFrom("a", "..", ".", "", "~", "b c", ".git", "\\", "C:", "\u0000", ".worktrees");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const path = parts.join("/");
      if (whyNotAPath(path) !== undefined) return;
      const url = new URL(path.split("/").map(encodeURIComponent).join("/"), "file:///repository/");
      expect(decodeURIComponent(url.pathname)).toBe(`/repository/${path}`);
    }),
  );
});

test("a circle that is found is one: each of it waits for the next", () => {
  const ids = ["p.a", "p.b", "p.c", "p.d"];
  const gap = fc.record({ id: fc.constantFrom(...ids), dependsOn: fc.subarray([...ids, "q.z"]) });
  fc.assert(
    fc.property(fc.uniqueArray(gap, { selector: ({ id }) => id }), (gaps) => {
      const cycle = cycleOf(gaps);
      for (const [at, id] of (cycle ?? []).entries()) {
        const next = cycle?.[(at + 1) % cycle.length];
        expect(gaps.find((each) => each.id === id)?.dependsOn).toContain(next);
      }
    }),
  );
});

function parse(value: unknown): unknown {
  return parseProbeResult(JSON.stringify(value), { probe: "todo", source: "todo.json" });
}

function refusal(value: unknown): string {
  return refusalOf(JSON.stringify(value));
}

function refusalOf(text: string): string {
  try {
    parseProbeResult(text, { probe: "todo", source: "todo.json" });
  } catch (error) {
    if (isOrchardError(error, "INVALID_INPUT")) return error.message;
    throw error;
  }
  throw new Error("it was taken");
}
