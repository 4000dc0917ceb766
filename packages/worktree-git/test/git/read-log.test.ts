import { simpleGit } from "simple-git";
import { expect, test } from "vitest";
import { gitEnvironment } from "../../src/git/environment.ts";
import { parseCommit } from "../../src/git/parse-commit.ts";
import { parseLog } from "../../src/git/read-log.ts";
import { parseOid } from "../../src/index.ts";
import { commitOn, opened } from "../helpers/opened.ts";

test("control: simple-git refuses our own safety settings unless each is listed", async () => {
  using o = await opened();
  const env = gitEnvironment(process.env, { writes: false, durable: true });
  const allowEnvironment = Object.keys(env).filter((name) => name.startsWith("GIT_"));
  const unlisted = simpleGit({ baseDir: o.git.path, allowEnvironment }).env(env).raw("log");
  await expect(unlisted).rejects.toThrow(/not permitted/);
});

test("a message of several lines, odd people and time zones are read alike from the log and from the object", async () => {
  using o = await opened();
  const text = "Subject over\ntwo lines\n\nbody one\n\n- with | and \u001e\n\nSigned-off-by: x\n";
  const tree = o.git.git(["rev-parse", "HEAD^{tree}"]);
  const raw = `tree ${tree}\nparent ${o.base}\nauthor Zoë O'Neil <zoe@example.invalid> 1700000000 -0330\ncommitter B <b@example.invalid> 1700000100 +0545\n\n${text}`;
  const oid = parseOid(o.git.git(["hash-object", "-t", "commit", "-w", "--stdin"], { input: raw }));
  const [fromLog] = await o.repo.log(o.base, oid, 5);
  expect(fromLog).toEqual(await o.repo.commitInfo(oid));
  expect(fromLog).toMatchObject({
    subject: "Subject over two lines",
    body: "body one\n\n- with | and \u001e\n\nSigned-off-by: x",
    author: { name: "Zoë O'Neil", email: "zoe@example.invalid" },
    authoredAt: "2023-11-14T18:43:20-03:30",
    committedAt: "2023-11-15T04:00:00+05:45",
  });
});

test("the log stops at the limit and leaves out what the other side has", async () => {
  using o = await opened();
  const one = commitOn(o.git, "l", o.base, { "1.txt": "1\n" });
  const two = commitOn(o.git, "l", one, { "2.txt": "2\n" });
  expect((await o.repo.log(o.base, two, 10)).map(({ oid }) => oid)).toEqual([two, one]);
  expect((await o.repo.log(undefined, two, 2)).map(({ oid }) => oid)).toEqual([two, one]);
  expect(await o.repo.log(two, o.base, 10)).toEqual([]);
});

test("an empty log is no commits, and a commit without a message has none", () => {
  expect(parseLog("")).toEqual([]);
  const bare = parseCommit(
    parseOid("a".repeat(40)),
    Buffer.from(`tree ${"b".repeat(40)}\nauthor x <y> 0 +0000\ncommitter x <y> 0 +0000\n\n`),
  );
  expect(bare).toMatchObject({ subject: "", body: "", parents: [] });
});
