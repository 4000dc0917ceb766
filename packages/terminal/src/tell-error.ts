import { isOrchardError, isSystemError, OrchardError, printable } from "@orchard/kernel";
import { paint } from "./paint.ts";

/** The two streams of a program. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Tells what went wrong, with its code and the next step, and returns the exit code: for people on stderr, for
 * programs as one object on stdout, unless stdout itself is what refused.
 */
export function tellError(
  error: unknown,
  { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
  { stdout, stderr }: Streams,
): number {
  const known = asOrchardError(error);
  if (json && known.code !== "OUTPUT_REFUSED") {
    const { code, message, hint, details } = known;
    stdout.write(`${JSON.stringify({ error: { code, message, hint: hint ?? null, details } })}\n`);
  } else {
    const { red, dim } = paint(stderr);
    stderr.write(`${red(`error[${known.code}]`)}: ${printable(known.message)}\n`);
    if (known.hint !== undefined) stderr.write(`${dim("hint:")} ${printable(known.hint)}\n`);
  }
  if (verbose) stderr.write(`${stackOf(error)}\n`);
  return known.exitCode;
}

/** What the system refused gets a code and a next step; anything else unknown is a fault of ours. */
export function asOrchardError(error: unknown): OrchardError {
  if (isOrchardError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isSystemError(error, "ENOSPC", "EDQUOT")) {
    const hint = "Free some space and run the command again; what was acknowledged is safe.";
    return new OrchardError({ code: "DISK_FULL", kind: "failed", message, hint, cause: error });
  }
  if (isSystemError(error, "EACCES", "EROFS", "EPERM")) {
    const hint =
      "Orchard needs to write into the repository's git folder and checkout; a sandboxed agent needs them among its writable folders.";
    return new OrchardError({ code: "NOT_WRITABLE", kind: "state", message, hint, cause: error });
  }
  const hint = "This is a fault of Orchard's; nothing acknowledged is lost. Run again with --verbose and report it.";
  return new OrchardError({ code: "INTERNAL", kind: "internal", message, hint, cause: error });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
