const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** A size for people, in powers of a thousand as docker and ECR's console count: `512 B`, `31.4 MB`. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  const shown = unit === 0 || amount >= 99.95 ? amount.toFixed(0) : amount.toFixed(1);
  return `${shown} ${UNITS[unit]}`;
}

/** A time for people, in UTC to the second: `2026-01-01 12:00:00Z`. */
export const formatTime = (time: Date | undefined): string =>
  time === undefined
    ? ""
    : time
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d+Z$/, "Z");
