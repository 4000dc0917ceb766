/** Names of lanes end where a probe's begins with `probe-`, and gaps are told apart by the `.` behind it. */
export const LONGEST_PROBE_NAME = 40;

const PROBE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * Why `text` cannot name a probe, or `undefined` when it can. A name becomes a lane (`probe-<name>`), a branch, a file and
 * the first part of each of its gaps' ids.
 */
export function whyNotAProbeName(text: string): string | undefined {
  if (text.length > LONGEST_PROBE_NAME) {
    return `it is ${text.length} characters long, ${LONGEST_PROBE_NAME} are allowed`;
  }
  if (!PROBE_NAME.test(text)) return "only a-z, 0-9 and single '-' between them are allowed";
  return text === "execution-plan" ? "it is a reserved word" : undefined;
}
