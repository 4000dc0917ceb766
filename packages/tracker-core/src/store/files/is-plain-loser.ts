import type { Chain } from "./chain.ts";

/**
 * Whether `bytes` (a whole line) can be passed over by how they begin: a number that is taken, the predecessor that its
 * winner has, and nothing durable that we do not know. Well-formed it is a loser, else torn: neither counts. `false` says
 * nothing. Of many writers every third line is one, and this costs a tenth of what decoding it does.
 */
export function isPlainLoser(chain: Chain, bytes: Buffer): boolean {
  const seq = numberAt(bytes, SEQ.length);
  if (Number.isNaN(seq) || seq > chain.head.seq || bytes.toString("latin1", 0, SEQ.length) !== SEQ) return false;
  const [, prev, durable] = BEGINNING.exec(bytes.toString("latin1", SEQ.length, SEQ.length + LENGTH)) ?? [];
  return prev !== undefined && prev === chain.hashAt(seq - 1) && Number(durable) <= chain.witnessed;
}

/** NaN when no digit stands there. */
function numberAt(bytes: Buffer, start: number): number {
  let number = Number.NaN;
  for (let at = start; at < bytes.length; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    number = (Number.isNaN(number) ? 0 : number) * 10 + digit;
  }
  return number;
}

/** As `encodeLine` writes it; of another order of fields nothing is said. */
const SEQ = '{"v":1,"seq":';
const BEGINNING = /^\d+,"prev":"([0-9a-f]*)","durable":(\d+),/;
const LENGTH = 100;
const ZERO = 0x30;
