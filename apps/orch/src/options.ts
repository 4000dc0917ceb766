import { InvalidArgumentError } from "commander";

/** A whole number from 1 to 256. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 256) return value;
  throw new InvalidArgumentError("Give a whole number from 1 to 256.");
}

/** A whole number from 1 on. */
export function parseLimit(text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= 1) return value;
  throw new InvalidArgumentError("Give a whole number from 1 on.");
}
