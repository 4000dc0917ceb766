import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allocatePorts, type PortClaim, readClaims, releasePorts } from "../../src/environment/port-registry.ts";
import { registryFor } from "./ports-for-tests.ts";

function listening(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host }, () => resolve(server));
  });
}

test("every worktree has ports of its own, and the same ones when asked again", async () => {
  using r = await registryFor(4);
  const variables = ["PORT", "API_PORT"];
  const a = await allocatePorts(r.registry, r.wish("a", { variables }));
  const b = await allocatePorts(r.registry, r.wish("b", { variables, repository: "/other/.git/orch" }));
  const all = [...Object.values(a ?? {}), ...Object.values(b ?? {})];
  expect([Object.keys(a ?? {}), new Set(all).size]).toEqual([variables, 4]);
  expect(await allocatePorts(r.registry, r.wish("a", { variables }))).toEqual(a);
});

test("when none is left nothing new is claimed, and what is given back is free at once", async () => {
  using r = await registryFor(3);
  const a = await allocatePorts(r.registry, r.wish("a", { variables: ["PORT", "API_PORT"] }));
  expect(await allocatePorts(r.registry, r.wish("b", { variables: ["PORT", "API_PORT"] }))).toBeUndefined();
  expect(readClaims(r.registry).filter(({ worktree }) => worktree !== "")).toHaveLength(2);
  await releasePorts(r.registry, r.wish("a").worktree);
  await releasePorts(r.registry, r.wish("a").worktree);
  expect(await allocatePorts(r.registry, r.wish("b", { variables: ["PORT", "API_PORT"] }))).toEqual(a);
});

test.each(["127.0.0.1", "0.0.0.0", "::1", "::"])(
  "a port on which a stranger listens (%s) is nobody's",
  async (host) => {
    using r = await registryFor(3);
    const stranger = await listening(r.first, host).catch(() => undefined);
    if (stranger === undefined) return; // this machine has no such address
    try {
      expect(await allocatePorts(r.registry, r.wish("a"))).toEqual({ PORT: r.first + 1 });
      await new Promise((closed) => stranger.close(closed));
      expect(await allocatePorts(r.registry, r.wish("a"))).toEqual({ PORT: r.first + 1 });
      const late = await listening(r.first + 1, host);
      expect(await allocatePorts(r.registry, r.wish("a"))).toEqual({ PORT: r.first });
      late.close();
      expect(readClaims(r.registry).filter(({ worktree }) => worktree !== "")).toHaveLength(1);
    } finally {
      stranger.close();
    }
  },
);

test("claims of worktrees that are gone, or over by their own repository's word, count as given back", async () => {
  using r = await registryFor(2);
  await allocatePorts(r.registry, r.wish("gone"));
  await allocatePorts(r.registry, r.wish("landed"));
  expect(await allocatePorts(r.registry, r.wish("new"))).toBeUndefined();
  rmSync(r.wish("gone").worktree, { recursive: true });
  expect(await allocatePorts(r.registry, r.wish("new"))).toEqual({ PORT: r.first });
  const over = { judge: async () => (claim: PortClaim) => claim.worktree.endsWith("landed") };
  expect(await allocatePorts(r.registry, r.wish("other", { ...over, repository: "/another" }))).toBeUndefined();
  expect(await allocatePorts(r.registry, r.wish("other", over))).toEqual({ PORT: r.last });
});

test("damaged claims and foreign files in the registry are no reason to stop", async () => {
  using r = await registryFor(2);
  mkdirSync(r.registry, { recursive: true });
  writeFileSync(join(r.registry, `${r.first}-1.json`), "{ half");
  writeFileSync(join(r.registry, `${r.first}-x.json`), "null");
  writeFileSync(join(r.registry, "notes.txt"), "of somebody");
  expect(await allocatePorts(r.registry, r.wish("a"))).toEqual({ PORT: r.first });
  expect(readdirSync(r.registry).sort()).toEqual([`${r.first}-2.json`, `${r.first}-x.json`, "notes.txt"]);
});

test("a folder or a link to a device among the claims is none, and stops nobody", async () => {
  using r = await registryFor(3);
  mkdirSync(join(r.registry, `${r.first}-1.json`), { recursive: true });
  symlinkSync("/dev/zero", join(r.registry, `${r.first + 1}-1.json`));
  expect(await allocatePorts(r.registry, r.wish("a"))).toEqual({ PORT: r.first + 2 });
  await releasePorts(r.registry, r.wish("a").worktree);
  expect(readClaims(r.registry).map(({ port }) => port)).toEqual([r.first + 2]);
});

test("a claim whose number is the last there is keeps its port for good, and no two worktrees get it", async () => {
  using r = await registryFor(3);
  mkdirSync(r.registry, { recursive: true });
  writeFileSync(join(r.registry, `${r.first}-${"9".repeat(15)}.json`), "{}");
  writeFileSync(join(r.registry, `99999-1.json`), "{}");
  expect(await allocatePorts(r.registry, r.wish("a"))).toEqual({ PORT: r.first + 1 });
  expect(await allocatePorts(r.registry, r.wish("b"))).toEqual({ PORT: r.first + 2 });
  expect(readClaims(r.registry).map(({ port }) => port)).toEqual([r.first, r.first + 1, r.first + 2]);
});
