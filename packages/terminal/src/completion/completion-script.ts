import { bashCompletion } from "./bash-completion.ts";
import { type CommandLike, commandTree, type KindOf } from "./command-tree.ts";
import { fishCompletion } from "./fish-completion.ts";
import { zshCompletion } from "./zsh-completion.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export type Shell = keyof typeof SHELLS;

export const COMPLETED_SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/**
 * The script that completes the command lines of `program` in a shell, made of its commands: pressing TAB starts no process,
 * but for ids, which the program is asked for by `__complete <kind>`.
 */
export function completionScript(shell: Shell, program: CommandLike, kindOf: KindOf): string {
  return SHELLS[shell](program.name(), commandTree(program, kindOf));
}
