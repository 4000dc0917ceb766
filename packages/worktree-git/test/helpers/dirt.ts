import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Opened } from "./opened.ts";

/** Files that every dirty worktree starts from. */
export const CLEAN_FILES = {
  "a.txt": "a\n",
  "run.sh": "#!/bin/sh\n",
  "dir with space/b.txt": "b\n",
  ".gitignore": "*.env\nbuild/\n",
};

/** The states in which a worktree holds something that no branch has; each leaves `lane` in one. */
export const DIRT: Readonly<Record<string, (o: Opened, lane: string) => void>> = {
  "changed tracked files": (o, lane) => {
    o.git.write({ "a.txt": "changed\n" }, lane);
    chmodSync(join(lane, "run.sh"), 0o755);
  },
  "staged files, and other content over them": (o, lane) => {
    o.git.write({ "a.txt": "staged\n", "staged new.txt": "staged only\n" }, lane);
    o.git.git(["add", "-A"], { cwd: lane });
    o.git.write({ "a.txt": "on top\n", "staged new.txt": "on top of that\n" }, lane);
  },
  "untracked files, odd names, links, modes": (o, lane) => {
    o.git.write({ "new/deep/n.txt": "n\n", 'odd "name"\n.txt': "o\n" }, lane);
    writeFileSync(Buffer.concat([Buffer.from(`${lane}/`), Buffer.from([0x66, 0xff, 0x67])]), "bytes\n");
    symlinkSync("../nowhere", join(lane, "dangling"));
    symlinkSync("a.txt", join(lane, "link"));
    linkSync(join(lane, "new/deep/n.txt"), join(lane, "hard.txt"));
    mkdirSync(join(lane, "empty folder"));
    chmodSync(join(lane, "new/deep/n.txt"), 0o600);
  },
  "ignored files": (o, lane) =>
    o.git.write({ ".env": "SECRET=1\n", "build/out.bin": "\u0000\u0001", "sub/.env": "S=2\n" }, lane),
  "a nested repository": (o, lane) => {
    mkdirSync(join(lane, "nested"));
    o.git.git(["init", "-q"], { cwd: join(lane, "nested") });
    o.git.commit("inner", { "i.txt": "i\n" }, join(lane, "nested"));
    o.git.write({ "nested/i.txt": "dirty\n" }, lane);
  },
  "commits on a detached HEAD": (o, lane) => {
    o.git.git(["checkout", "-q", "--detach"], { cwd: lane });
    o.git.commit("alone", { "alone.txt": "alone\n" }, lane);
    o.git.git(["checkout", "-q", "lane-x"], { cwd: lane });
    o.git.git(["checkout", "-q", "--detach"], { cwd: lane });
    o.git.commit("alone again", { "alone.txt": "again\n" }, lane);
  },
  "a rebase in progress": (o, lane) => {
    diverge(o, lane);
    fails(() => o.git.git(["rebase", "main"], { cwd: lane }));
  },
  "a merge in progress": (o, lane) => {
    diverge(o, lane);
    fails(() => o.git.git(["merge", "main"], { cwd: lane }));
    o.git.write({ "a.txt": "resolved by hand\n" }, lane);
    o.git.git(["add", "a.txt"], { cwd: lane });
  },
};

function diverge(o: Opened, lane: string): void {
  o.git.commit("theirs", { "a.txt": "theirs\n" });
  o.git.commit("mine", { "a.txt": "mine\n", "m.txt": "m\n" }, lane);
}

function fails(call: () => unknown): void {
  try {
    call();
  } catch {
    return;
  }
  throw new Error("It was to stop at a conflict.");
}
