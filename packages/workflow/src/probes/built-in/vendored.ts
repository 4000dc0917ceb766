/** Folders that hold other people's code or what a build made, wherever they are (after linguist's list of vendored paths). */
const FOLDERS = new Set([
  ...[
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "vendors",
    "vendored",
    "third_party",
    "thirdparty",
  ],
  ...["third-party", "3rdparty", "external", "externals", "extern", "Godeps", "Pods", "Carthage", ".yarn", ".pnp"],
  ...["dist", "umd", "esm", "cjs", "__pycache__", "site-packages", "target", ".next", ".nuxt", ".gradle"],
]);

const FILES =
  /\.min\.(?:m?js|cjs|css)$|[-.]bundle\.js$|\.map$|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock|Pipfile\.lock|Gemfile\.lock|composer\.lock|gradlew(?:\.bat)?|mvnw(?:\.cmd)?|\.pnp\.c?js)$|_pb2(?:_grpc)?\.py$|\.pb\.go$|\.g\.dart$|\.designer\.cs$/i;

/** Whether a file is by its place or name not the project's own writing. */
export function isVendored(path: string): boolean {
  if (FILES.test(path)) return true;
  const parts = path.split("/");
  return parts.some((part, index) => index < parts.length - 1 && FOLDERS.has(part));
}

const SAYS_GENERATED =
  /^(?:.{0,80})(?:@generated\b|code generated .{0,80}do not edit|(?:auto-?generated|automatically generated)\b.{0,80}|this file (?:is|was) (?:auto-?|automatically )?generated)/im;

/** Whether a text says at its beginning that a program wrote it, or looks like nothing a person writes. */
export function isGenerated(text: string): boolean {
  const head = text.slice(0, 1_500);
  return SAYS_GENERATED.test(head) || (text.length > 5_000 && longestOf(text.slice(0, 20_000)) > 2_000);
}

function longestOf(text: string): number {
  let longest = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf("\n", start);
    if (end === -1) end = text.length;
    longest = Math.max(longest, end - start);
  }
  return longest;
}
