import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EXCLUDED } from "../../orchard/excluded.ts";
import type { Check } from "../patient.ts";

/** What of ours lies in the checkout must not show in `git status`, and must not be committed by `git add -A`. */
export const checkExcludes: Check = {
  name: "excludes",
  look: async ({ orchard, repository }) => {
    const path = join(orchard.place.repository.commonDir, "info", "exclude");
    const text = await readFile(path, "utf8").catch(() => "");
    const there = new Set(text.split(/\r?\n/));
    const missing = EXCLUDED.filter((pattern) => !there.has(pattern));
    if (missing.length === 0) return [];
    return [
      {
        code: "exclude-missing",
        severity: "warning",
        sentence: `.git/info/exclude lacks ${missing.join(", ")}: Orchard's files would show in git status.`,
        todo: "orch doctor --repair adds the lines and leaves the others as they are.",
        repair: async () => {
          await repository.excludeLocally(missing);
          return { did: `Added to .git/info/exclude: ${missing.join(", ")}.` };
        },
      },
    ];
  },
};
