import { EcrError } from "../errors.js";

/** Refuses what is no object, and a misspelt name, which would silently do nothing. */
export function requireNames(of: string, given: unknown, names: readonly string[], example: string): void {
  if (typeof given !== "object" || given === null)
    throw invalid(`${of} must be an object such as ${example}, got ${String(given)}`);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`${unknown} is not an option of ${of}; it knows ${names.join(", ")}`);
}

/** Refuses what is not of its kind, `Number.isSafeInteger` or `Number.isFinite`, or less than `least`. */
export function requireAtLeast(name: string, value: unknown, least: number, isKind: (value: unknown) => boolean): void {
  if (isKind(value) && (value as number) >= least) return;
  const kind = isKind === Number.isSafeInteger ? "an integer" : "a number";
  throw invalid(`${name} must be ${kind} from ${least} up, got ${String(value)}`);
}

/** The error for an option that cannot be taken. */
export const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
