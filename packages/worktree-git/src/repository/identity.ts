import { git } from "../git/git.ts";
import type { RepositoryPlace } from "./find-repository.ts";
import type { Person } from "./repository.ts";

/** Whose name our commits carry where git knows nobody. */
export const ORCHARD: Person = { name: "Orchard", email: "orchard@localhost" };

/** `user.name` and `user.email` of the settings; both must be there, else it is {@link ORCHARD}. */
export async function readIdentity({ commonDir, mainRoot }: RepositoryPlace): Promise<Person> {
  const { stdout } = await git({
    command: "config",
    options: ["-z", "--get-regexp", "^user\\.(name|email)$"],
    cwd: mainRoot,
    variables: { GIT_DIR: commonDir, GIT_COMMON_DIR: commonDir },
    codes: [0, 1],
  });
  const found = new Map<string, string>();
  for (const entry of stdout.toString("utf8").split("\0")) {
    const end = entry.indexOf("\n");
    if (end !== -1) found.set(entry.slice(0, end).toLowerCase(), usable(entry.slice(end + 1)));
  }
  const [name, email] = [found.get("user.name"), found.get("user.email")];
  return name && email ? { name, email } : ORCHARD;
}

/** git takes these characters out of a name itself, and refuses one that holds nothing else. */
function usable(text: string): string {
  return text.replace(/[<>\n\0]/g, "").replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, "");
}
