import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { pathExists } from "../orchard/path-exists.ts";
import type { Place } from "../orchard/place.ts";
import { CONFIG_FILE } from "./accepted-config.ts";

export interface ProposedConfig {
  readonly text: string;
}

/** How projects of a kind are commonly checked: the file that tells the kind, and the command. */
const KINDS: readonly { readonly file: string; readonly verify: string }[] = [
  { file: "Cargo.toml", verify: "cargo test" },
  { file: "go.mod", verify: "go test ./..." },
  { file: "pom.xml", verify: "mvn -q test" },
  { file: "pyproject.toml", verify: "python3 -m pytest -q" },
  { file: "pytest.ini", verify: "python3 -m pytest -q" },
];

/** A configuration with the verify command that the repository seems to have; nothing when one is there or none found. */
export async function proposeConfig(place: Place): Promise<ProposedConfig | undefined> {
  if (await pathExists(join(place.mainRoot, CONFIG_FILE))) return undefined;
  const verify = await findVerify(place.mainRoot);
  if (verify === undefined) return undefined;
  const text = [
    "{",
    "  // Commands that must exit 0 on a lane's committed tree, and again on the combined tree before it lands.",
    `  "verify": [${JSON.stringify(verify)}]`,
    "}",
    "",
  ].join("\n");
  return { text };
}

/** Writes the proposal into the checkout, for the user to commit. Returns the file's name. */
export async function writeConfig(place: Place, { text }: ProposedConfig): Promise<string> {
  await writeDurable(nodeFiles, join(place.mainRoot, CONFIG_FILE), text, { mode: 0o644 });
  return CONFIG_FILE;
}

async function findVerify(root: string): Promise<string | undefined> {
  if (await pathExists(join(root, "package.json"))) {
    const script = await npmTest(join(root, "package.json"));
    if (script !== undefined) return script;
  }
  for (const { file, verify } of KINDS) if (await pathExists(join(root, file))) return verify;
  const makefile = join(root, "Makefile");
  return (await pathExists(makefile)) && /^test:/m.test(await readFile(makefile, "utf8")) ? "make test" : undefined;
}

async function npmTest(path: string): Promise<string | undefined> {
  try {
    const manifest = JSON.parse(await readFile(path, "utf8")) as {
      readonly scripts?: { readonly test?: unknown };
    } | null;
    const script = manifest?.scripts?.test;
    return typeof script === "string" && !script.includes("no test specified") ? "npm test" : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
