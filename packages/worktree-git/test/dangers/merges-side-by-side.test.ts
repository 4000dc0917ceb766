import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attributesFolder } from "../../src/hub/hub-folder.ts";

test("the work tree of merges without attributes is made once: nobody who works in it loses the ground", async () => {
  for (let round = 0; round < 20; round += 1) {
    const hub = mkdtempSync(join(tmpdir(), "orchard hub-"));
    try {
      const seen = await Promise.all(
        Array.from({ length: 16 }, async () => statSync(await attributesFolder(hub, []), { bigint: true }).ino),
      );
      const [folder = ""] = readdirSync(join(hub, "attributes"));
      seen.push(statSync(join(hub, "attributes", folder), { bigint: true }).ino);
      expect(new Set(seen).size).toBe(1);
    } finally {
      rmSync(hub, { recursive: true, force: true });
    }
  }
});
