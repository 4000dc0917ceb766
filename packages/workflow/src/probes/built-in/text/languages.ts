/** How a language writes what is not code. */
export interface Syntax {
  /** What begins a comment that ends with its line. */
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
  /** Quotes of texts that end with their line. */
  readonly quotes: string;
  /** Quotes of texts that may span lines, longest first. */
  readonly longQuotes: readonly string[];
  /** `/…/` may be a pattern, and texts in back-ticks hold code in `${…}`. */
  readonly script?: true;
  /** `'` is a character of one letter, else a name. */
  readonly rust?: true;
}

const SLASH_STAR = [["/*", "*/"]] as const;
const SCRIPT: Syntax = { line: ["//"], block: SLASH_STAR, quotes: `"'`, longQuotes: [], script: true };
const C: Syntax = { line: ["//"], block: SLASH_STAR, quotes: `"'`, longQuotes: ['"""'] };
const GO: Syntax = { line: ["//"], block: SLASH_STAR, quotes: `"'`, longQuotes: ["`"] };
const RUST: Syntax = { line: ["//"], block: SLASH_STAR, quotes: "", longQuotes: ['"'], rust: true };
const PHP: Syntax = { line: ["//", "#"], block: SLASH_STAR, quotes: `"'`, longQuotes: [] };
const PYTHON: Syntax = { line: ["#"], block: [], quotes: `"'`, longQuotes: ['"""', "'''"] };
const HASH: Syntax = { line: ["#"], block: [], quotes: `"'`, longQuotes: [] };
const CSS: Syntax = { line: [], block: SLASH_STAR, quotes: `"'`, longQuotes: [] };
const SQL: Syntax = { line: ["--"], block: SLASH_STAR, quotes: `"'`, longQuotes: [] };
const LUA: Syntax = { line: ["--"], block: [["--[[", "]]"]], quotes: `"'`, longQuotes: [] };
const HASKELL: Syntax = { line: ["--"], block: [["{-", "-}"]], quotes: '"', longQuotes: [] };
const LISP: Syntax = { line: [";"], block: [], quotes: "", longQuotes: ['"'] };
const TEX: Syntax = { line: ["%"], block: [], quotes: "", longQuotes: [] };
const HTML: Syntax = { line: [], block: [["<!--", "-->"]], quotes: "", longQuotes: [] };
/** Markup with a script in it. */
const MIXED: Syntax = { line: ["//"], block: [["<!--", "-->"], ...SLASH_STAR], quotes: `"'`, longQuotes: [] };

const BY_EXTENSION: Readonly<Record<string, Syntax>> = {
  ...of(SCRIPT, "js mjs cjs jsx ts mts cts tsx"),
  ...of(C, "java c h cc cpp cxx hh hpp hxx cs swift kt kts scala dart groovy gradle m mm proto scss less zig v"),
  ...of(GO, "go"),
  ...of(RUST, "rs"),
  ...of(PHP, "php"),
  ...of(PYTHON, "py pyi pyx"),
  ...of(HASH, "rb sh bash zsh fish pl pm r jl ex exs nix tf yml yaml toml cmake mk rake gemspec coffee"),
  ...of(CSS, "css"),
  ...of(SQL, "sql"),
  ...of(LUA, "lua"),
  ...of(HASKELL, "hs elm"),
  ...of(LISP, "lisp clj cljs cljc el scm"),
  ...of(TEX, "tex erl"),
  ...of(HTML, "html htm xml"),
  ...of(MIXED, "vue svelte"),
};

const BY_NAME: Readonly<Record<string, Syntax>> = of(
  HASH,
  "Dockerfile Makefile GNUmakefile Rakefile Gemfile Justfile justfile",
);

/** The syntax of a file by its name; `undefined`: nothing that has comments. */
export function syntaxOf(path: string): Syntax | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
  const extension = extensionOf(path);
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}

/** Lower case, without the dot; empty when there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

function of(syntax: Syntax, names: string): Record<string, Syntax> {
  return Object.fromEntries(names.split(" ").map((name) => [name, syntax]));
}
