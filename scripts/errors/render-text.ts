import { child, children, isTreeNode, nameOf, type TreeNode, textOf } from "../house/syntax-tree.ts";

/**
 * The texts that an expression can give, one for each way through its conditions: literal parts as they are,
 * everything else as `‹name›`. `constants` are the file's own text constants.
 */
export function renderTexts(node: TreeNode | undefined, constants: ReadonlyMap<string, string>): readonly string[] {
  if (node === undefined) return [];
  switch (node.type) {
    case "ConditionalExpression":
      return [child(node, "consequent"), child(node, "alternate")].flatMap((one) => renderTexts(one, constants));
    case "BinaryExpression":
      return [oneText(child(node, "left"), constants) + oneText(child(node, "right"), constants)];
    case "LogicalExpression":
    case "TemplateLiteral":
      return [oneText(node, constants)];
    default:
      return textOf(node) === "" || nameOf(node) === "undefined" ? [] : [oneText(node, constants)];
  }
}

function oneText(node: TreeNode | undefined, constants: ReadonlyMap<string, string>): string {
  if (node === undefined) return "";
  if (node.type === "TemplateLiteral") return template(node, constants);
  if (node.type === "BinaryExpression") return renderTexts(node, constants).join("");
  if (node.type === "ConditionalExpression") {
    const ways = renderTexts(node, constants);
    return ways.length > 1 ? ways.join(" | ") : (ways[0] ?? "");
  }
  const text = textOf(node) ?? constants.get(nameOf(node) ?? "");
  return text ?? `‹${subjectOf(node)}›`;
}

function template(node: TreeNode, constants: ReadonlyMap<string, string>): string {
  const values = children(node, "expressions").map((one) => oneText(one, constants));
  const parts = children(node, "quasis").map((quasi) => {
    const { cooked } = quasi["value"] as { readonly cooked: string };
    return cooked;
  });
  return parts.map((part, i) => part + (values[i] ?? "")).join("");
}

/** What an expression is about, in one word: `quoted(path)`, `path.slice(0, 9)` and `path ?? ""` are about path. */
function subjectOf(node: TreeNode): string {
  switch (node.type) {
    case "Identifier":
      return nameOf(node) ?? "value";
    case "MemberExpression":
      return memberSubject(node);
    case "CallExpression":
      return callSubject(node);
    case "TemplateLiteral":
      return children(node, "expressions").map(subjectOf).join("/");
    case "Literal":
      return String(node["value"]);
    default:
      return firstSubject(node);
  }
}

function memberSubject(node: TreeNode): string {
  const property = child(node, "property");
  if (node["computed"] === true || nameOf(property) === "length") return firstSubject(node);
  return nameOf(property) ?? "value";
}

function callSubject(node: TreeNode): string {
  const callee = child(node, "callee");
  const first = children(node, "arguments")[0];
  const isMethod =
    callee?.type === "MemberExpression" && !/^(JSON|Math|String|Number)$/.test(nameOf(child(callee, "object")) ?? "");
  if (isMethod) return subjectOf(child(callee, "object") ?? node);
  return first === undefined ? (nameOf(callee) ?? "value") : subjectOf(first);
}

function firstSubject(node: TreeNode): string {
  const [inner] = ["expression", "argument", "left", "object", "test", "elements"].flatMap((field) => {
    const value = node[field];
    return isTreeNode(value) ? [value] : Array.isArray(value) ? value.filter(isTreeNode) : [];
  });
  const spread = inner?.type === "SpreadElement" ? child(inner, "argument") : inner;
  return spread === undefined ? "value" : subjectOf(spread);
}
