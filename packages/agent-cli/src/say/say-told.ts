import { printable } from "@orchard/kernel";
import type { Told } from "../question.ts";
import { noticeLine, noticeOf } from "./notice.ts";

/** What goes to which stream for an answer and its notices. */
export function sayTold(
  { answer, flags }: Told,
  json: boolean,
  safe: (text: string) => string = printable,
): { readonly stdout: string; readonly stderr: string; readonly exitCode: number } {
  const notices = flags.map(noticeOf);
  const { exitCode = 0 } = answer;
  if (json) return { stdout: `${JSON.stringify({ ...answer.data, notices })}\n`, stderr: "", exitCode };
  return { stdout: safe(answer.text), stderr: safe(notices.map(noticeLine).join("")), exitCode };
}
