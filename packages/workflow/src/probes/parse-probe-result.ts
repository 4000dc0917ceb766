import { invalidInput } from "../errors.ts";
import { parseJsonInput } from "../input/parse-json-input.ts";
import { type ProbeResult, probeResultSchema } from "./probe-result.ts";

/**
 * The result that `probe` wrote. Throws `INVALID_INPUT` that lists every problem with its line and field, also when it is
 * another probe's.
 */
export function parseProbeResult(
  text: string,
  { probe, source }: { readonly probe: string; readonly source: string },
): ProbeResult {
  const result = parseJsonInput(text, probeResultSchema, { name: source });
  if (result.probe === probe) return result;
  const message = `it says that it is the result of "${result.probe}", and this file is that of "${probe}"`;
  throw invalidInput(source, [{ field: "probe", message }]);
}
