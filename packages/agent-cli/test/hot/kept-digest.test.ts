import fc from "fast-check";
import { expect, test } from "vitest";
import { available } from "../../src/answers/available.ts";
import { next } from "../../src/answers/next.ts";
import { why } from "../../src/answers/why.ts";
import { type Digest, digestOfView } from "../../src/hot/digest-of-view.ts";
import { keptText, readKept, withSight } from "../../src/hot/kept-digest.ts";
import { specOfDigest } from "../../src/hot/spec-of-digest.ts";
import type { Reply } from "../../src/question.ts";
import { NOON, SPEC } from "../support/progress.ts";

const IDS = ["T001", "T002", "T003", "T004", "T005", "T006"];
const HEADER = { segment: 1, offset: 0, hash: "h", checksum: "c" };

test("what a seal keeps answers as the view does, also when only the asker's tasks are read of it", () => {
  fc.assert(
    fc.property(view, fc.constantFrom("claude", "qwen", "nobody", "__proto__"), (content, agent) => {
      const digest = digestOfView(content) as Digest;
      const sight = withSight(digest, specOfDigest(digest));
      const { header, digest: kept } = readKept(keptText({ header: HEADER, digest: sight }));
      expect(header).toEqual(HEADER);
      expect(kept).toEqual(sight);
      for (const any of [true as const, undefined]) {
        const options = { any };
        const seen = answer(available, { digest: kept, agent, options, asker: any ? undefined : agent });
        expect(seen).toEqual(answer(available, { digest, agent, options }));
      }
      expect(answer(next, { digest: kept, agent })).toEqual(answer(next, { digest, agent }));
      for (const task of IDS) {
        const given = { arguments: { task }, agent };
        expect(answer(why, { digest: kept, ...given })).toEqual(answer(why, { digest, ...given }));
      }
    }),
  );
});

interface Asked {
  readonly digest: Digest;
  readonly agent: string;
  readonly asker?: string | undefined;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, true | undefined>>;
}

function answer(reply: Reply, { digest, agent, asker, arguments: words = {}, options = {} }: Asked) {
  const specs = { [SPEC]: specOfDigest(digest, asker) };
  const progress = { updatedAt: NOON, specs, worktrees: {}, tips: {} };
  try {
    const { data, text } = reply({ progress, agent, environment: {}, now: NOON }, { arguments: words, options });
    return { data, text };
  } catch (error) {
    return String(error);
  }
}

const task = fc.record(
  {
    status: fc.constantFrom("available", "blocked", "blocked", "in_progress", "completed", "changes_requested"),
    title: fc.constantFrom("the model", "läuft — 🚀", 'with "quotes"'),
    layer: fc.integer({ min: 1, max: 3 }),
    dependencies: fc.uniqueArray(fc.constantFrom(...IDS, "T999"), { maxLength: 3 }),
    assigned_to: fc.constantFrom("claude", "qwen", "__proto__"),
    epoch: fc.constant(1),
    agent: fc.constantFrom("claude", "qwen"),
    renewed_at: fc.constant(NOON),
  },
  { requiredKeys: ["status", "title", "layer", "dependencies"] },
);

const view = fc
  .tuple(fc.array(task, { minLength: 1, maxLength: IDS.length }), fc.constantFrom("soft", "hard"))
  .map(([tasks, layers]) => ({
    schema: 1,
    spec: SPEC,
    last_updated: NOON,
    specs: [SPEC],
    definition: { path: `specs/${SPEC}/layered-tasks.md`, hash: "0".repeat(64) },
    rules: { layers, completeOn: "work", stuckAfterMs: 1 },
    layers: { 1: { title: "one" }, 2: { title: "two" }, 3: { title: "three" } },
    tasks: Object.fromEntries(tasks.map((one, at) => [IDS[at], one])),
    worktrees: {},
  }));
