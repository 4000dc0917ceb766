import fc from "fast-check";
import { expect, test } from "vitest";
import { findRewritten, type Oid } from "../../src/index.ts";
import { type Opened, opened } from "../helpers/opened.ts";
import { lines } from "../helpers/parts.ts";

type Files = Readonly<Record<string, string>>;

interface Planned {
  readonly files: Files;
  readonly subject: string;
  readonly minute: number;
}

const START: Files = { "shared.txt": lines("shared", 60) };

/** Writes a line of commits on the base, all in one call. */
function write(o: Opened, branch: string, commits: readonly Planned[]): readonly Oid[] {
  const stream = commits.flatMap(({ files, subject, minute }, at) => [
    `commit refs/heads/${branch}-${at}`,
    `author Ada Tester <ada@example.invalid> ${1767323000 + minute * 60} +0000`,
    "committer Ada Tester <ada@example.invalid> 1767400000 +0000",
    `data ${subject.length}`,
    subject,
    `from ${at === 0 ? o.base : `refs/heads/${branch}-${at - 1}`}`,
    "deleteall",
    ...Object.entries(files).flatMap(([path, text]) => [`M 100644 inline ${path}`, `data ${text.length}`, text]),
    "",
  ]);
  if (commits.length === 0) return [];
  o.git.git(["fast-import", "--quiet", "--force"], { input: stream.join("\n") });
  return commits.map((_, at) => o.git.git(["rev-parse", `refs/heads/${branch}-${at}`]) as Oid);
}

const HAPPENINGS = [
  "kept",
  "reworded",
  "amended",
  "re-dated",
  "amended, reworded",
  "amended, re-dated",
  "squashed",
  "dropped",
] as const;

const commit = fc.record({
  subject: fc.constantFrom("wip", "fix"),
  minute: fc.constantFrom(1, 2),
  shared: fc.boolean(),
  happens: fc.constantFrom(...HAPPENINGS),
});

type Story = readonly {
  readonly subject: string;
  readonly minute: number;
  readonly shared: boolean;
  readonly happens: (typeof HAPPENINGS)[number];
}[];

/** What commit `n` does to the files: one of its own, and perhaps a line of one that others change too. */
function change(files: Files, n: number, shared: boolean, text: string): Files {
  const own = { ...files, [`f${n}.txt`]: `${text} ${n}\n` };
  return shared
    ? { ...own, "shared.txt": own["shared.txt"]!.replace(`shared ${n * 12 + 6}\n`, `${text} ${n}\n`) }
    : own;
}

function oldLine(story: Story): readonly Planned[] {
  let files = START;
  return story.map(({ subject, minute, shared }, n) => {
    files = change(files, n, shared, "part");
    return { files, subject, minute };
  });
}

/** The rewritten line, and which of its commits each old one became. */
function newLine(story: Story): { readonly line: readonly Planned[]; readonly became: ReadonlyMap<number, number> } {
  const line: Planned[] = [{ files: { ...START, "main.txt": "main\n" }, subject: "main", minute: 50 }];
  const became = new Map<number, number>();
  let files = line[0]!.files;
  for (const [n, { subject, minute, shared, happens }] of story.entries()) {
    if (happens === "dropped") continue;
    files = change(files, n, shared, happens.startsWith("amended") ? "amended" : "part");
    const last = line.at(-1)!;
    if (happens === "squashed" && line.length > 1) line[line.length - 1] = { ...last, files };
    else {
      line.push({
        files,
        subject: happens.endsWith("reworded") ? `other words ${n}` : subject,
        minute: happens.endsWith("re-dated") ? 20 + n : minute,
      });
    }
    became.set(n, line.length - 1);
  }
  return { line, became };
}

/** Found once: what could not be told of the first one let the second, dropped one take its place. */
const AMENDED_TWICE_AND_DROPPED: Story = [
  { subject: "fix", minute: 2, shared: true, happens: "amended, re-dated" },
  { subject: "fix", minute: 1, shared: true, happens: "dropped" },
  { subject: "wip", minute: 2, shared: true, happens: "amended, reworded" },
];

test("whatever happened to a line of commits, an answer that is given is the right one, and most are given", async () => {
  using o = await opened(START);
  let round = 0;
  let asked = 0;
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 4 }), async (story) => {
      round += 1;
      const was = write(o, `was-${round}`, oldLine(story));
      const { line, became } = newLine(story);
      const now = write(o, `now-${round}`, line);
      const found = await findRewritten(o.repo, { tip: now.at(-1)!, commits: was });
      for (const [n, oid] of was.entries()) {
        const right = became.get(n);
        if (found.has(oid)) expect(found.get(oid)).toBe(right === undefined ? undefined : now[right]);
        if (right !== undefined) asked += 1;
        if (right !== undefined && found.has(oid)) answered += 1;
      }
    }),
    {
      numRuns: process.env["ORCHARD_LONG"] === "1" ? 150 : 15,
      examples: [[[...AMENDED_TWICE_AND_DROPPED]]],
    },
  );
  expect(answered / asked).toBeGreaterThan(0.5);
}, 600_000);
