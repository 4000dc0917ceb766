import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type * as z from "zod";
import { type InputProblem, invalidInput } from "../errors.ts";
import { nearestWord } from "./nearest-word.ts";

/** In bytes; a longer text is refused unread. */
export const LONGEST_INPUT = 1 << 20;
const DEEPEST_INPUT = 64;
/** Nobody reads more, and finding the place of each costs time. */
const MOST_PROBLEMS = 100;

/**
 * JSON that a person or an agent wrote, checked against `schema`. Throws `INVALID_INPUT` (exit 2) that lists
 * every problem (at most 100) with its line, column and field. `comments`: allow them, and trailing commas (JSONC).
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
  const tree = parseTree(plain, errors, options);
  if (errors.length > 0 || tree === undefined) {
    throw invalidInput(
      source.name,
      errors.slice(0, MOST_PROBLEMS).map((error) => syntaxProblem(plain, error)),
    );
  }
  const badNames = badNamesIn(plain, tree);
  if (badNames.length > 0) throw invalidInput(source.name, badNames);
  const checked = schema.safeParse(getNodeValue(tree));
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .slice(0, MOST_PROBLEMS)
    .flatMap((issue) => problemsOf(schema, issue, plain, tree));
  throw invalidInput(source.name, problems.slice(0, MOST_PROBLEMS));
}

/** Upper bound of the nesting, from the brackets outside of texts alone: keeps a recursive parser from being abused. */
function nestingOf(text: string): number {
  const scanner = createScanner(text, true);
  let depth = 0;
  let deepest = 0;
  for (let token: number = scanner.scan(); token !== TOKEN.end; token = scanner.scan()) {
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) deepest = Math.max(deepest, ++depth);
    else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** `SyntaxKind` of jsonc-parser, an enum that exists for the compiler only. */
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 } as const;

function syntaxProblem(text: string, error: ParseError): InputProblem {
  const words = printParseErrorCode(error.error)
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return { ...positionAt(text, error.offset), message: `invalid JSON: ${words}` };
}

/** Names that would change every object, and names given twice, of which one would silently be lost. */
function badNamesIn(text: string, node: Node): readonly InputProblem[] {
  const seen = new Set<string>();
  const found: InputProblem[] = [];
  for (const child of node.children ?? []) {
    if (found.length >= MOST_PROBLEMS) break;
    const name = child.type === "property" ? String(child.children?.[0]?.value) : undefined;
    if (name === "__proto__") {
      found.push({ ...positionAt(text, child.offset), field: name, message: "this name is not allowed" });
    } else if (name !== undefined && seen.has(name)) {
      found.push({ ...positionAt(text, child.offset), field: name, message: "this field is given twice" });
    }
    if (name !== undefined) seen.add(name);
    found.push(...badNamesIn(text, child));
  }
  return found.slice(0, MOST_PROBLEMS);
}

function problemsOf(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  text: string,
  tree: Node | undefined,
): readonly InputProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => {
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
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "is not a name";
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
