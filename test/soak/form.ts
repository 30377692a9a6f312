/** `npm run soak` runs the long form of each test, `.ci/run` the short one. */
export const isLong: boolean = process.env["SOAK"] === "long";

/** What the long form takes, or the short one. */
export const form = <T>(long: T, short: T): T => (isLong ? long : short);

/** The seed of the run, which `SOAK_SEED` may give. */
export const seed: number = Number(process.env["SOAK_SEED"] ?? 20_261_125);

/** Prints a figure for people. */
export const say = (text: string): void => {
  process.stdout.write(`soak: ${text}\n`);
};

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
