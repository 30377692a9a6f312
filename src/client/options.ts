import { EcrError } from "../errors.js";
import { shown } from "./shown.js";

/** Refuses what is no object, and a misspelt name in it, which would silently do nothing. `of` says whose options they are. */
export function requireOptions(field: string, options: unknown, of: string, names: readonly string[]): void {
  if (typeof options !== "object" || options === null)
    throw invalid(`${field} must be an object, got ${shown(options)}`);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`${unknown} is not an option of ${of}; it knows ${names.join(", ")}`);
}

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
