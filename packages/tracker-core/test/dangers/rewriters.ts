import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type NodeProcess, startNode, temporaryFolder } from "@orchard/testkit";

/** A file with an empty list, for the controls. */
export function withFile(): { readonly file: string } & Disposable {
  const folder = temporaryFolder("store control");
  const file = join(folder.path, "state.json");
  writeFileSync(file, "[]");
  return { file, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

export function startRewriter(
  file: string,
  outputs: NodeProcess[],
  options: { readonly lock: "none" | "plain" | "torn"; readonly count?: number; readonly pause?: number },
): NodeProcess {
  const rewriter = startNode(join(import.meta.dirname, "rewriter.ts"), [
    ...["--file", file],
    ...["--name", `w${outputs.length}`],
    ...["--lock", options.lock],
    ...["--pause", String(options.pause ?? 0)],
    ...(options.count === undefined ? [] : ["--count", String(options.count)]),
  ]);
  outputs.push(rewriter);
  return rewriter;
}
