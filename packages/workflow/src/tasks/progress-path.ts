/** The live progress lies beside the file that defines the tasks; both relative to the main work tree. */
export function progressPath(definitionPath: string): string {
  return `${definitionPath.slice(0, definitionPath.lastIndexOf("/"))}/.progress.json`;
}
