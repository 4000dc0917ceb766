import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { commits, type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";

/** The first supervisor dies at that file of its attempt. */
async function gardenWhereItDies(at: string): Promise<Garden> {
  const [node = "", ...rest] = testPorts().supervisorCommand;
  const preload = `${pathToFileURL(join(import.meta.dirname, "../die-at-file.ts"))}?${at}`;
  const supervisorCommand = [node, "--import", preload, ...rest];
  return garden({ config: { attempts: 1 }, ports: { supervisorCommand } });
}

test.each(["agent.json:before", "agent.json:after"])(
  "a supervisor that dies at %s, its agent held and never let run, costs the lane no attempt",
  async (moment) => {
    await using g = await gardenWhereItDies(moment);
    await g.add("a", { command: `echo ran >> ran.txt; ${commits({ "a.txt": "1" })}` });
    expect(await g.execute()).toMatchObject({ completed: ["a"], failed: [] });
    const { attempts } = await g.lane("a");
    expect(attempts.map(({ end }) => [end?.outcome, end?.neverRan])).toEqual([
      ["unknown", true],
      ["exited", undefined],
    ]);
    expect(g.repo.git(["show", "lane-a:ran.txt"])).toBe("ran");
  },
);

test("negative control: one that dies after its agent ran, and left nothing, does", async () => {
  await using g = await gardenWhereItDies("exit.json:before");
  await g.add("a", { command: "true" });
  expect(await g.execute()).toMatchObject({ completed: [], failed: ["a"] });
  const { attempts } = await g.lane("a");
  expect(attempts.map(({ end }) => [end?.outcome, end?.neverRan])).toEqual([["unknown", undefined]]);
});
