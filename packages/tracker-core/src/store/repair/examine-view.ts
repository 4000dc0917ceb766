import { nodeFiles } from "@orchard/host";
import { readView } from "../files/view-file.ts";

/** Whether a view is as the store wrote it. One that is behind is whole: the next command that sees it brings it up to date. */
export async function examineView(path: string): Promise<"whole" | "changed" | "missing"> {
  const view = await readView(nodeFiles, path);
  if (view === undefined) return "missing";
  return view.header === undefined ? "changed" : "whole";
}
