import { findNodeAtLocation, type Node, type ParseError, parse, parseTree, printParseErrorCode } from "jsonc-parser";
import type * as z from "zod";
import { type InputProblem, invalidInput } from "../errors.ts";
import { nearestWord } from "./nearest-word.ts";

export const LONGEST_INPUT = 1 << 20;
const DEEPEST_INPUT = 64;

/**
 * JSON that a person or an agent wrote, checked against `schema`. Throws `INVALID_INPUT` (exit 2) that lists
 * every problem with its line, column and field. `comments`: allow them, and trailing commas (JSONC).
 */
export function parseJsonInput<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  source: { readonly name: string; readonly comments?: boolean },
): z.output<Schema> {
  if (Buffer.byteLength(text) > LONGEST_INPUT) {
    throw invalidInput(source.name, [{ message: `it is larger than ${LONGEST_INPUT} bytes` }]);
  }
  if (nestingOf(text) > DEEPEST_INPUT) {
    throw invalidInput(source.name, [{ message: `it is nested deeper than ${DEEPEST_INPUT} levels` }]);
  }
  const errors: ParseError[] = [];
  const options = { disallowComments: source.comments !== true, allowTrailingComma: source.comments === true };
  const plain = text.replace(/^\ufeff/, "");
  const value: unknown = parse(plain, errors, options);
  if (errors.length > 0)
    throw invalidInput(
      source.name,
      errors.map((error) => syntaxProblem(plain, error)),
    );
  const tree = parseTree(plain, [], options);
  const dangerous = dangerousKey(plain, tree);
  if (dangerous !== undefined) throw invalidInput(source.name, [dangerous]);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw invalidInput(
    source.name,
    checked.error.issues.flatMap((issue) => problemsOf(schema, issue, plain, tree)),
  );
}

/** Upper bound of the nesting, from the brackets alone; enough to keep a recursive parser from being abused. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return deepest;
}

function syntaxProblem(text: string, error: ParseError): InputProblem {
  const words = printParseErrorCode(error.error)
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return { ...positionAt(text, error.offset), message: `invalid JSON: ${words}` };
}

function dangerousKey(text: string, node: Node | undefined): InputProblem | undefined {
  if (node === undefined) return undefined;
  if (node.type === "property" && node.children?.[0]?.value === "__proto__") {
    return { ...positionAt(text, node.offset), field: "__proto__", message: "this name is not allowed" };
  }
  for (const child of node.children ?? []) {
    const found = dangerousKey(text, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function problemsOf(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  text: string,
  tree: Node | undefined,
): readonly InputProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const known = knownKeys(schema, issue.path);
      const nearest = nearestWord(key, known);
      const meant = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
      return { ...placeOf(text, tree, path), field: fieldName(path), message: `unknown field${meant}` };
    });
  }
  return [{ ...placeOf(text, tree, issue.path), field: fieldName(issue.path), message: messageOf(issue) }];
}

/** The fields that the object at `path` may have, as far as the schema is made of plain objects there. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const part of path) at = shapeOf(at)?.[String(part)];
  return Object.keys(shapeOf(at) ?? {});
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const inner = unwrapped(schema);
  return inner !== null && typeof inner === "object" && "shape" in inner
    ? (inner.shape as Record<string, unknown>)
    : undefined;
}

function unwrapped(schema: unknown): unknown {
  const hasUnwrap = schema !== null && typeof schema === "object" && "unwrap" in schema;
  return hasUnwrap && typeof schema.unwrap === "function" ? unwrapped(schema.unwrap()) : schema;
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union") return "has the wrong form";
  return issue.message.replace(/^Invalid input: /, "");
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === "number" ? `${name}[${part}]` : name === "" ? String(part) : `${name}.${String(part)}`,
    "",
  );
}

function placeOf(text: string, tree: Node | undefined, path: readonly PropertyKey[]) {
  for (let length = path.length; tree !== undefined && length >= 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length) as (string | number)[]);
    if (node !== undefined)
      return positionAt(text, node.parent?.type === "property" ? node.parent.offset : node.offset);
  }
  return {};
}

function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
