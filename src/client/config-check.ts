import { EcrError } from "../errors.js";
import { shown } from "./shown.js";

/** Refuses a value that is given and fails a test. */
export function requireThat<T>(
  name: string,
  value: T | undefined,
  expected: string,
  ...tests: readonly ((value: T) => boolean)[]
): void {
  if (value === undefined || tests.every((test) => test(value))) return;
  throw new EcrError(`${name} must be ${expected}, got ${shown(value)}`, { kind: "InvalidParameter" });
}

export const isText = (value: unknown): boolean => typeof value === "string";
export const isBoolean = (value: unknown): boolean => typeof value === "boolean";
export const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
export const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    isObject(value) && names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === "function");
