import { COMPLETED_SHELLS, completionScript, type Shell, type WordKind } from "@orchard/terminal/completion";
import { Argument, Command } from "commander";
import { define } from "../command.ts";

/** `whole` makes the program with all its commands. */
export function completion(exit: { code: number }, whole: () => Promise<Command>): Command {
  const command = new Command("completion")
    .description(
      'Print the script that completes orch (and orbit-agent) in a shell; for bash: eval "$(orch completion bash)"',
    )
    .addArgument(new Argument("<shell>", "which shell").choices(COMPLETED_SHELLS));
  return define(command, exit, {
    example: "orch completion bash",
    action: async (_surroundings, shell: Shell) => {
      const script = completionScript(shell, await whole(), kindOf);
      return { data: { shell, script }, text: `${script}\n${OF_AGENTS[shell]}` };
    },
  });
}

function kindOf(name: string, path: readonly string[]): WordKind {
  if (path[0] === "rescue" && name === "name") return { asked: "rescues" };
  if (name === "lane" || (name === "id" && path[0] !== "add-lane")) return { asked: "lanes" };
  return ["file", "path", "folder", "json"].includes(name) ? "files" : "none";
}

/** The other program knows its own commands; it is asked when somebody first presses TAB behind its name. */
const OF_AGENTS: Readonly<Record<Shell, string>> = {
  bash: `_orbit_agent_first() {
  complete -r orbit-agent
  eval "$(orbit-agent completion bash 2>/dev/null)" && complete -p orbit-agent >/dev/null 2>&1 && return 124
}
complete -F _orbit_agent_first orbit-agent
`,
  zsh: `_orbit_agent_first() {
  eval "$(orbit-agent completion zsh 2>/dev/null)"
  (( $+functions[_orbit_agent] )) && _orbit_agent "$@"
}
compdef _orbit_agent_first orbit-agent
`,
  fish: `if command -q orbit-agent
    orbit-agent completion fish 2>/dev/null | source
end
`,
};
