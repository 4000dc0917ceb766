import { expect, test } from "vitest";
import { bringIn, type Hub, type Oid, openHub, replaceCommits } from "../../src/index.ts";
import { type Opened, opened } from "../helpers/opened.ts";
import { applied, commitOf, fileAt, filesOf, treeOf } from "../helpers/parts.ts";
import { CHANGES, FILES, RESOLVED, SHAPES, wish } from "../helpers/shapes.ts";

/*
 * Four parts, the later ones built on the first before it was merged; then the first one changes. What the replacing
 * makes of every head must be the tree that each part's own patch, applied to the right ground, comes to.
 */

const cells = Object.keys(SHAPES).flatMap((shape) => Object.keys(CHANGES).map((change) => [change, shape] as const));

test.each(cells)("%s in %s: every head is each part's own patch on the new ground", async (change, shape) => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const { one, heads } = await SHAPES[shape as keyof typeof SHAPES](o, hub);
  const { to, main, ground } = CHANGES[change]!(o, one);
  const direct: Oid[] = [];
  const stepwise: Oid[] = [];
  for (const { head, picks, onHeads } of heads) {
    const expected = applied(o, ground, picks);
    const swaps = [{ from: one, to, message: "Replace part 1" }];
    direct.push(commitOf(await replaceCommits(hub, { head, replacements: swaps })));
    expect(treeOf(o, direct.at(-1)!)).toBe(treeOf(o, expected));
    // What it brought in was replaced there first: then those take the old ones' places.
    const below = onHeads.map((at) => ({ from: heads[at]!.head, to: stepwise[at]!, message: "Replace a part" }));
    expect(treeOf(o, direct.at(-1)!)).not.toBe(treeOf(o, head));
    stepwise.push(commitOf(await replaceCommits(hub, { head, replacements: [...below, ...swaps] })));
    expect(treeOf(o, stepwise.at(-1)!)).toBe(treeOf(o, expected));
  }
  const last = direct.at(-1)!;
  if (shape === "a diamond") expect(fileAt(o, last, "core.txt")).toContain(RESOLVED);
  if (change === "amend + rename") expect(filesOf(o, last)).not.toContain("names.txt");
  if (to === o.base) expect(filesOf(o, last)).not.toContain("p1.txt");
  await expectLanding(o, hub, { last, main, to, picks: heads.at(-1)!.picks });
});

/** Merged into the base branch, where the first part has landed in its new form or is gone, nothing comes back. */
async function expectLanding(
  o: Opened,
  hub: Hub,
  { last, main, to, picks }: { last: Oid; main: Oid; to: Oid; picks: readonly Oid[] },
): Promise<void> {
  const landed = commitOf(await bringIn(hub, { head: main, commits: [wish(to), wish(last)] }));
  const ground = commitOf(await bringIn(hub, { head: main, commits: [wish(to)] }));
  expect(treeOf(o, landed)).toBe(treeOf(o, applied(o, ground, picks)));
}
