const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** A size as people say it: `0 B`, `12 KB`, `1.5 GB`. Powers of 1024. */
export function sayBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${UNITS[power]}`;
}
