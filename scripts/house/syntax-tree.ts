import { parseSync } from "rolldown/utils";

export interface TreeNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** The syntax tree of a TypeScript source, types included. Throws when it is none. */
export function parseSource(path: string, text: string): TreeNode {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  return program as unknown as TreeNode;
}

/** Calls `visit` for `node` and everything below it. */
export function walk(node: TreeNode, visit: (node: TreeNode) => void): void {
  const open: unknown[] = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (Array.isArray(at)) open.push(...at.filter((part) => part !== undefined));
    else if (isTreeNode(at)) {
      visit(at);
      open.push(...Object.values(at).filter((part) => part !== null && typeof part === "object"));
    }
  }
}

export function isTreeNode(value: unknown): value is TreeNode {
  return value !== null && typeof value === "object" && "type" in value && typeof value.type === "string";
}

/** The node in field `name`, when there is one of type `type`. */
export function child(node: TreeNode, name: string, type?: string): TreeNode | undefined {
  const value = node[name];
  return isTreeNode(value) && (type === undefined || value.type === type) ? value : undefined;
}

export function children(node: TreeNode, name: string): readonly TreeNode[] {
  const value = node[name];
  return Array.isArray(value) ? value.filter(isTreeNode) : [];
}

/** The name of an identifier (or of a string used as one). */
export function nameOf(node: TreeNode | undefined): string | undefined {
  if (node?.type === "Identifier" && typeof node["name"] === "string") return node["name"];
  return textOf(node);
}

/** The value of a string literal. */
export function textOf(node: TreeNode | undefined): string | undefined {
  return node?.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined;
}
