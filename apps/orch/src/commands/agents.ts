import { printable, printableLine } from "@orchard/kernel";
import { type ListedAgent, listAgents } from "@orchard/workflow";
import { Command } from "commander";
import { define, type Surroundings } from "../command.ts";

export function agents(exit: { code: number }): Command {
  const command = new Command("agents").description("Which coding agents are installed here, and what each can do.");
  return define(command, exit, {
    example: "orch agents --json",
    action: async (surroundings) => {
      const { agents: listed, chosen } = await listAgents(surroundings.cwd, surroundings.ports());
      const lines = listed.flatMap((agent) => linesOf(agent, surroundings));
      const last =
        chosen === undefined
          ? 'No agent is chosen for lanes that name none: orch execute --agent <name>, or "agent" in orch.config.jsonc. Any program works as a lane\'s "command".'
          : `Lanes that name none get: ${chosen}`;
      return { data: { agents: listed, chosen: chosen ?? null }, text: `${printable([...lines, last].join("\n"))}\n` };
    },
  });
}

function linesOf(agent: ListedAgent, { paint }: Surroundings): readonly string[] {
  const { name, path, version, from, can, permissions } = agent;
  const shown = printableLine(name, 40).padEnd(12);
  if (path === undefined) return [`${paint.dim(`○ ${shown} not installed`)}`];
  const bypass = permissions === "bypass" ? paint.yellow("  may do everything (permissions: bypass)") : "";
  const where = `${printableLine(path, 160)}${from === "config" ? paint.dim(" (orch.config.jsonc)") : ""}`;
  return [
    `${paint.green("✓")} ${shown} ${version === undefined ? "" : `${printableLine(version, 40)}  `}${where}${bypass}`,
    ...can.map((what) => paint.dim(`    ${what}`)),
  ];
}
