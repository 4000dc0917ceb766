import * as z from "zod";

/** A text that is a name of some kind, "a lane id" say; `why` tells what keeps it from being one. */
export function nameSchema(kind: string, why: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const reason = why(text);
    if (reason !== undefined) refuse(context, `${shown(text)} is not ${kind}: ${reason}`);
  });
}

/** Adds a problem to what the schema found, at `path` below the value that is looked at. */
export function refuse(context: z.RefinementCtx, message: string, path: (string | number)[] = []): void {
  context.addIssue({ code: "custom", message, path });
}

/** A text in quotes, as much of it as a sentence holds. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
