/** Members of a report, read without trust: what is not of the type that is asked for counts as absent. */
export type ReportObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is ReportObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const object = (from: ReportObject, name: string): ReportObject => {
  const value = from[name];
  return isObject(value) ? value : {};
};

export const text = (from: ReportObject, name: string): string | undefined => {
  const value = from[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

export const number = (from: ReportObject, name: string): number | undefined => {
  const value = from[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

export const objects = (from: ReportObject, name: string): readonly ReportObject[] => {
  const value = from[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
};

export const texts = (from: ReportObject, name: string): readonly string[] => {
  const value = from[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
};

/** Epoch milliseconds of a date in ISO 8601. */
export const date = (from: ReportObject, name: string): number | undefined => {
  const parsed = Date.parse(text(from, name) ?? "");
  return Number.isNaN(parsed) ? undefined : parsed;
};

/** The first digest that names like `app@sha256:…` end in. */
export const digestIn = (names: readonly string[]): string | undefined =>
  names.map((name) => /(?:^|@)(sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128}))$/.exec(name)?.[1]).find(Boolean);
