import { child, children, nameOf, parseSource, type TreeNode, textOf, walk } from "./syntax-tree.ts";

export interface Import {
  /** `undefined`: computed at run time, so nobody can tell what it is. */
  readonly specifier: string | undefined;
  readonly line: number;
  /** Types only: nothing of it is left when the program runs. */
  readonly erased: boolean;
}

export interface Use {
  readonly what: string;
  readonly line: number;
}

/** What the checks need to know about one source file. */
export interface SourceFile {
  /** From the room's `src/`, for example `locks/make-lock.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly exportedNames: readonly Use[];
  /** Writes to the terminal, or ends the process. */
  readonly prints: readonly Use[];
  /** Waits, or asks the world instead of being told. */
  readonly impure: readonly Use[];
}

/** Throws when `text` is not TypeScript. */
export function readSource(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const exportedNames: Use[] = [];
  const prints: Use[] = [];
  const impure: Use[] = [];
  const lineOf = (node: TreeNode) => text.slice(0, node.start).split("\n").length;
  walk(parseSource(path, text), (node) => {
    const line = lineOf(node);
    imports.push(...importsOf(node).map((specifier) => ({ specifier, line, erased: isErased(node) })));
    exportedNames.push(...exportsOf(node).map((what) => ({ what, line })));
    const use = worldUse(node);
    if (use !== undefined && PRINTING.test(use)) prints.push({ what: use, line });
    const impurity = use ?? waiting(node);
    if (impurity !== undefined) impure.push({ what: impurity, line });
  });
  return { path, imports, exportedNames, prints, impure };
}

const PRINTING = /^(console\.|process\.(stdout|stderr|exit|exitCode)\b)/;

function importsOf(node: TreeNode): readonly (string | undefined)[] {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return [textOf(child(node, "source"))];
    case "ExportNamedDeclaration":
      return child(node, "source") === undefined ? [] : [textOf(child(node, "source"))];
    case "TSExternalModuleReference":
      return [textOf(child(node, "expression"))];
    case "CallExpression":
      return nameOf(child(node, "callee", "Identifier")) === "require" ? [textOf(children(node, "arguments")[0])] : [];
    default:
      return [];
  }
}

function isErased(node: TreeNode): boolean {
  return node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type";
}

function exportsOf(node: TreeNode): readonly string[] {
  if (node.type !== "ExportNamedDeclaration") return [];
  const declaration = child(node, "declaration");
  const declared = declaration === undefined ? [] : [declaration, ...children(declaration, "declarations")];
  return [
    ...declared.map((one) => nameOf(child(one, "id"))),
    ...children(node, "specifiers").map((one) => nameOf(child(one, "exported"))),
  ].filter((name) => name !== undefined);
}

const WORLD = new Set(["process", "Buffer", "globalThis", "performance", "console"]);
const WORLD_CALLS = new Set(["fetch", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"]);

/** `process.env`, `Date.now`, `new Date()`, `fetch()` …: the world as one says it in code. */
function worldUse(node: TreeNode): string | undefined {
  const name = nameOf(child(node, "callee", "Identifier"));
  if (node.type === "NewExpression" && name === "Date" && children(node, "arguments").length === 0) return "new Date()";
  if (node.type === "CallExpression" && name !== undefined && WORLD_CALLS.has(name)) return `${name}()`;
  if (node.type !== "MemberExpression") return undefined;
  const object = nameOf(child(node, "object", "Identifier"));
  const member = `${object}.${nameOf(child(node, "property"))}`;
  return object !== undefined && (WORLD.has(object) || member === "Date.now" || member === "Math.random")
    ? member
    : undefined;
}

function waiting(node: TreeNode): string | undefined {
  if (node["async"] === true) return "async";
  if (node.type === "AwaitExpression") return "await";
  return node.type === "Identifier" && node["name"] === "Promise" ? "Promise" : undefined;
}
