import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { child, children, nameOf, parseSource, type TreeNode, textOf, walk } from "../house/syntax-tree.ts";
import type { CodedError } from "./coded-error.ts";
import { renderTexts } from "./render-text.ts";

/**
 * Every `new OrchardError({ … })` in the sources below `root`, in the order of code and place. Throws when one of
 * them has a code or kind that is no literal text: then nobody could list it.
 */
export function collectErrors(root: string): readonly CodedError[] {
  const paths = globSync(["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"], { cwd: root }).sort();
  const errors = paths.flatMap((path) => errorsOf(path, readFileSync(join(root, path), "utf8")));
  return errors.toSorted((a, b) => compare(a.code, b.code) || compare(a.where, b.where));
}

/** As {@link collectErrors}, of one source; `path` from the root. */
export function errorsOf(path: string, text: string): readonly CodedError[] {
  const tree = parseSource(path, text);
  const constants = textConstants(tree);
  const errors: CodedError[] = [];
  walk(tree, (node) => {
    if (node.type !== "NewExpression" || nameOf(child(node, "callee")) !== "OrchardError") return;
    const where = `${path}:${text.slice(0, node.start).split("\n").length}`;
    errors.push(...errorsAt(node, where, constants));
  });
  return errors;
}

function errorsAt(node: TreeNode, where: string, constants: ReadonlyMap<string, string>): readonly CodedError[] {
  const facts = children(node, "arguments")[0];
  const properties = facts === undefined ? [] : children(facts, "properties");
  const texts = (name: string): readonly string[] => {
    const property = properties.find((one) => nameOf(child(one, "key")) === name);
    return renderTexts(property === undefined ? undefined : child(property, "value"), constants);
  };
  const literals = (name: string): readonly string[] => {
    const values = texts(name);
    if (values.length > 0 && values.every((value) => /^[A-Za-z_]+$/.test(value))) return values;
    throw new Error(`${where}: the ${name} of an OrchardError must be a literal text.`);
  };
  return literals("code").flatMap((code) =>
    literals("kind").map((kind) => ({
      code,
      kind,
      sentences: texts("message"),
      hints: texts("hint"),
      room: where.split("/")[1] ?? "",
      where,
    })),
  );
}

function textConstants(tree: TreeNode): ReadonlyMap<string, string> {
  const topLevel = children(tree, "body").map((one) => child(one, "declaration") ?? one);
  const constants = topLevel.filter((one) => one.type === "VariableDeclaration" && one["kind"] === "const");
  const named = constants.flatMap((one) => children(one, "declarations"));
  return new Map(
    named
      .map((one) => [nameOf(child(one, "id")) ?? "", textOf(child(one, "init")) ?? ""] as const)
      .filter(([, text]) => text !== ""),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
