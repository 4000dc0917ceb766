import { expect, test } from "vitest";
import { bringIn, type Oid, openHub, replaceCommits } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";
import { amended, applied, commitAt, commitOf, filesOf, line, treeOf } from "../helpers/parts.ts";
import { CHANGES, FILES, SHAPES, wish } from "../helpers/shapes.ts";

test.each(Object.entries(SHAPES))(
  "rejected and accepted again in %s: with what was done in between",
  async (_name, shape) => {
    using o = await opened(FILES);
    using hub = await openHub(o.repo);
    const { one, heads } = await shape(o, hub);
    for (const { head, picks } of heads) {
      const out = await replaceCommits(hub, { head, replacements: [{ from: one, to: o.base, message: "Take out" }] });
      const back = await replaceCommits(hub, {
        head: commitOf(out),
        replacements: [{ from: o.base, to: one, message: "Put back" }],
      });
      expect(treeOf(o, commitOf(back))).toBe(treeOf(o, head));
      const more = commitAt(o, commitOf(out), { "core.txt": line(34, "in between"), "between.txt": "b\n" }, "between");
      const later = await replaceCommits(hub, {
        head: more,
        replacements: [{ from: o.base, to: one, message: "Put back" }],
      });
      expect(treeOf(o, commitOf(later))).toBe(treeOf(o, applied(o, one, [...picks, more])));
      // Accepted in another form than it was rejected in:
      const other = amended(o, one, { "p1.txt": "accepted so\n", "core.txt": line(3, "accepted so") });
      const changed = await replaceCommits(hub, {
        head: more,
        replacements: [{ from: o.base, to: other, message: "Put back" }],
      });
      expect(treeOf(o, commitOf(changed))).toBe(treeOf(o, applied(o, other, [...picks, more])));
    }
  },
);

test("a part in the middle of a chain is taken out by the commit that its work began on", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const { one, heads } = await SHAPES["a chain of 3"](o, hub);
  const [two, three] = [heads[0]!.head, heads[1]!.head];
  const began = o.git.git(["rev-parse", `${two}^`]) as Oid;
  const replacements = [{ from: two, to: began, message: "Take out part 2" }];
  const out = commitOf(await replaceCommits(hub, { head: three, replacements }));
  expect(treeOf(o, out)).toBe(treeOf(o, applied(o, one, [three])));
  expect(filesOf(o, out)).not.toContain("p2.txt");
});

test("when the part below was replaced meanwhile, the ground to take one out by is replaced by the same call", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const { one, heads } = await SHAPES["a chain of 3"](o, hub);
  const [two, three] = [heads[0]!.head, heads[1]!.head];
  const { to } = CHANGES["amend"]!(o, one);
  const swaps = [{ from: one, to, message: "Replace part 1" }];
  const restacked = async (head: Oid) => commitOf(await replaceCommits(hub, { head, replacements: swaps }));
  const began = o.git.git(["rev-parse", `${two}^`]) as Oid;
  const [newTwo, newBegan] = [await restacked(two), await restacked(began)];
  const head = commitOf(
    await replaceCommits(hub, {
      head: three,
      replacements: [...swaps, { from: two, to: newTwo, message: "Replace part 2" }],
    }),
  );
  const out = await replaceCommits(hub, {
    head,
    replacements: [{ from: newTwo, to: newBegan, message: "Take out part 2" }],
  });
  expect(treeOf(o, commitOf(out))).toBe(treeOf(o, applied(o, to, [three])));
});

test("amended three times over, with work in between, only the last form is there", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const { one, heads } = await SHAPES["a chain of 3"](o, hub);
  let { head } = heads[1]!;
  const picks = [...heads[1]!.picks];
  let form = one;
  for (const n of [1, 2, 3]) {
    const to = amended(o, one, { "core.txt": line(3, `form ${n}`), "p1.txt": `form ${n}\n`, [`form${n}.txt`]: "f\n" });
    head = commitOf(await replaceCommits(hub, { head, replacements: [{ from: form, to, message: "Replace" }] }));
    form = to;
    head = commitAt(o, head, { [`after${n}.txt`]: "a\n", "keep.txt": `after ${n}\n` }, `after ${n}`);
    picks.push(head);
  }
  expect(treeOf(o, head)).toBe(treeOf(o, applied(o, form, picks)));
  expect(filesOf(o, head).filter((path) => path.startsWith("form"))).toEqual(["form3.txt"]);
});

test("a part that reached the base only through one that had taken it out lands by the same call, not by a merge", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const { one, heads } = await SHAPES["a chain of 3"](o, hub);
  const { head, picks } = heads[0]!;
  const takeOut = [{ from: one, to: o.base, message: "Take out part 1" }];
  const out = commitOf(await replaceCommits(hub, { head, replacements: takeOut }));
  const main = commitOf(await bringIn(hub, { head: o.base, commits: [wish(out)] }));
  const plain = commitOf(await bringIn(hub, { head: main, commits: [wish(one)] }));
  expect(filesOf(o, plain)).not.toContain("p1.txt"); // control: "already merged"
  const putIn = [{ from: o.base, to: one, message: "Land part 1" }];
  const landed = commitOf(await replaceCommits(hub, { head: main, replacements: putIn }));
  expect(treeOf(o, landed)).toBe(treeOf(o, applied(o, one, picks)));
});
