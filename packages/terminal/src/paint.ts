import picocolors from "picocolors";

/** Functions that colour a text, one for each colour; where colours are off they give it back as it is. */
export type Paint = ReturnType<typeof picocolors.createColors>;

/** Colours for a stream: only on a terminal, and never with `NO_COLOR`. `FORCE_COLOR` insists. */
export function paint(stream: NodeJS.WriteStream): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== "0";
  const able = stream.isTTY === true && TERM !== "dumb";
  return picocolors.createColors(wanted || (able && (NO_COLOR === undefined || NO_COLOR === "")));
}

/** Whether pictures that move may be drawn there. */
export function isLive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env["CI"] === undefined && process.env["TERM"] !== "dumb";
}
