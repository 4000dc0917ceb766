import { adapters } from "./adapters.ts";

/** A longer prompt is in the file and on stdin only: some systems refuse a single variable above 128 KiB. */
export const LONGEST_PROMPT_VARIABLE = 64 * 1024;

const ALLOWED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|NO_COLOR|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|EDITOR|CI|XDG_[A-Z_]+|SSH_AUTH_SOCK|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|https?_proxy|no_proxy|HTTPS?_PROXY|ALL_PROXY|NO_PROXY|ORCH_[A-Z0-9_]+|ORBIT_[A-Z0-9_]+)$/;

/**
 * The environment of an agent: what programs generally need, our own variables, and the settings of that agent;
 * nothing else of `base` gets through, no `GIT_*` and no `NODE_OPTIONS` above all. `extra` wins and is taken as
 * it is, except an `ORCH_PROMPT` above 64 KiB.
 */
export function agentEnvironment(
  base: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string>>,
  adapter = "command",
): Record<string, string> {
  const own = adapters.get(adapter)?.variables ?? [];
  const allowed = Object.entries(base).filter(
    ([name, value]) =>
      value !== undefined &&
      !OURS_ALONE.has(name) &&
      (ALLOWED.test(name) || own.some((start) => name.startsWith(start))),
  );
  const env = Object.fromEntries([...allowed, ...Object.entries(extra)]) as Record<string, string>;
  if (Buffer.byteLength(env["ORCH_PROMPT"] ?? "") > LONGEST_PROMPT_VARIABLE) delete env["ORCH_PROMPT"];
  return env;
}

/** Marks and texts of the processes above, which must not reach those below. */
const OURS_ALONE = new Set(["ORCH_SUPERVISES", "ORCH_ATTEMPT", "ORCH_PROMPT"]);
