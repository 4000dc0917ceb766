import { OrchardError } from "@orchard/kernel";
import { expect, test } from "vitest";
import { laneFault } from "../../src/execute/lane-fault.ts";

const at = { folder: "/r/.worktrees/agent-a", cause: "not-judged" };
const coded = (code: string, kind: OrchardError["kind"]) =>
  new OrchardError({ code, kind, message: "Why.", hint: "Do." });
const system = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code, path });

test.each<[string, unknown, unknown]>([
  ["settings that were not accepted", coded("SETTINGS_NOT_ACCEPTED", "state"), { reason: "Why. Do.", final: true }],
  ["a git that failed on its files", coded("GIT_FAILED", "failed"), { reason: "Why. Do.", final: false }],
  ["a damaged worktree", coded("WORKTREE_TAMPERED", "state"), { cause: "worktree-damaged", final: true }],
  ["a file that cannot be read", system("EACCES", `${at.folder}/x`), { reason: `EACCES: ${at.folder}/x` }],
  ["a folder that is gone", system("ENOENT", at.folder), { reason: `ENOENT: ${at.folder}` }],
])("the lane's own fault: %s", (_name, error, fault) => {
  expect(laneFault(error, at)).toMatchObject({ cause: "not-judged", ...(fault as object) });
});

test.each<[string, unknown]>([
  ["a newer driver", coded("STALE_DRIVER", "lock")],
  ["a person who interrupts", coded("INTERRUPTED", "interrupted")],
  ["a fault of ours", coded("INTERNAL", "internal")],
  ["a journal that cannot be written", coded("STORE_UNWRITABLE", "failed")],
  ["a full disk", system("ENOSPC", `${at.folder}/x`)],
  ["a file of another lane", system("EACCES", `${at.folder}-b/x`)],
  ["anything else", new TypeError("no")],
])("no lane's fault: %s", (_name, error) => expect(laneFault(error, at)).toBeUndefined());
