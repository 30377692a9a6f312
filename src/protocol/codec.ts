import { EcrError } from "../errors.js";
import { ServiceError } from "./service-error.js";
import { isPlain, type MemberPlan, planOf, type Shape, type StructureShape } from "./shape.js";

/**
 * The JSON value that stands for `value` on the wire: dates become epoch seconds with their milliseconds as a fraction, bytes become
 * base64, members that the shape does not know and members without a value are left out. `value` itself is never changed, but parts
 * that need no conversion are shared with it.
 */
export function encode(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "structure":
      return convertMembers(planOf(shape), value as JsonObject, encode);
    case "list":
      return convertElements(shape.element, value as readonly unknown[], encode);
    case "map":
      return convertValues(shape.value, value as JsonObject, encode);
    case "timestamp":
      return (value as Date).getTime() / 1000;
    case "blob":
      return toBase64(value as Uint8Array);
    default:
      return value;
  }
}

/**
 * The value behind an answer's JSON, read as tolerantly as the AWS SDK reads it: unknown members are left out, null is absent,
 * a text in place of a number stays a text.
 *
 * @throws {EcrError} kind `InvalidResponse` when a structure, list, map, time or blob is something else altogether.
 */
export function decode<T>(shape: StructureShape<T>, json: unknown): T {
  return read(shape, json) as T;
}

function read(shape: Shape, json: unknown): unknown {
  switch (shape.kind) {
    case "structure":
      return convertMembers(planOf(shape), expect("an object", isObject, json), read);
    case "list":
      return convertElements(shape.element, expect("a list", Array.isArray, json), read);
    case "map":
      return convertValues(shape.value, expect("an object", isObject, json), read);
    case "timestamp":
      return readTime(json);
    case "blob":
      return Buffer.from(expect("base64 text", isString, json), "base64");
    default:
      return json;
  }
}

/**
 * The value behind a request's JSON, for the local ECR: unknown members are ignored and null is absent, but a value of the wrong JSON
 * type is refused. Constraints are not looked at: that is `validate`'s part.
 *
 * @throws {ServiceError} `SerializationException`, with the path of the member in its message. assumed: wording.
 */
export function decodeStrict<T>(shape: StructureShape<T>, json: unknown): T {
  return readStrict(shape, json, "", "") as T;
}

function readStrict(shape: Shape, json: unknown, parent: string, name: string): unknown {
  switch (shape.kind) {
    case "structure": {
      if (!isObject(json)) throw mismatch(json, "a structure", parent, name);
      const path = join(parent, name);
      const value: JsonObject = {};
      for (const member of planOf(shape)) {
        const found = Object.hasOwn(json, member.name) ? json[member.name] : undefined;
        if (found !== undefined && found !== null)
          value[member.name] = readStrict(member.shape, found, path, member.name);
      }
      return value;
    }
    case "list": {
      if (!Array.isArray(json)) throw mismatch(json, "a list", parent, name);
      const path = join(parent, name);
      return json.map((element, index) => readStrict(shape.element, element, path, String(index + 1)));
    }
    case "map": {
      if (!isObject(json)) throw mismatch(json, "a map", parent, name);
      const path = join(parent, name);
      return Object.fromEntries(
        Object.entries(json).map(([key, value]) => [key, readStrict(shape.value, value, path, key)]),
      );
    }
    case "string":
      if (typeof json !== "string") throw mismatch(json, "a String", parent, name);
      return json;
    case "number":
      if (typeof json !== "number" || (shape.integer && !Number.isInteger(json)))
        throw mismatch(json, shape.integer ? "an Integer" : "a Double", parent, name);
      return json;
    case "boolean":
      if (typeof json !== "boolean") throw mismatch(json, "a Boolean", parent, name);
      return json;
    case "timestamp":
      if (typeof json !== "number") throw mismatch(json, "a Timestamp", parent, name);
      return new Date(Math.round(json * 1000));
    case "blob":
      return fromBase64Strict(json) ?? raise(mismatch(json, "a Blob", parent, name));
  }
}

type JsonObject = Record<string, unknown>;

function convertMembers(plan: readonly MemberPlan[], from: JsonObject, convert: typeof encode): JsonObject {
  const to: JsonObject = {};
  for (const { name, shape } of plan) {
    const value = from[name];
    if (value !== undefined && value !== null) to[name] = isPlain(shape) ? value : convert(shape, value);
  }
  return to;
}

function convertElements(element: Shape, from: readonly unknown[], convert: typeof encode): readonly unknown[] {
  const present = from.includes(null) || from.includes(undefined) ? from.filter((one) => one != null) : from;
  return isPlain(element) ? present : present.map((one) => convert(element, one));
}

/** A map's own key may be `__proto__`: it stays a key like any other. */
function convertValues(value: Shape, from: JsonObject, convert: typeof encode): JsonObject {
  const present = Object.entries(from).filter(([, one]) => one != null);
  return Object.fromEntries(isPlain(value) ? present : present.map(([key, one]) => [key, convert(value, one)]));
}

const isString = (json: unknown): json is string => typeof json === "string";
const isObject = (json: unknown): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const join = (parent: string, name: string): string => (parent === "" ? name : `${parent}.${name}`);

function expect<T>(what: string, is: (json: unknown) => json is T, json: unknown): T {
  if (is(json)) return json;
  throw new EcrError(`the answer holds ${describe(json)} where ${what} belongs`, { kind: "InvalidResponse" });
}

function readTime(json: unknown): Date {
  // Other implementations of ECR answer ISO text; the AWS CLI reads both.
  const seconds = isString(json) && json.trim() !== "" ? Number(json) : json;
  const time = new Date(
    typeof seconds === "number" && !Number.isNaN(seconds) ? Math.round(seconds * 1000) : String(json),
  );
  if (!Number.isNaN(time.getTime())) return time;
  throw new EcrError(`the answer holds ${describe(json)} where a time in epoch seconds belongs`, {
    kind: "InvalidResponse",
  });
}

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** The bytes of padded standard base64, or undefined when it is not. A server may have decoded a large blob on its way in. */
function fromBase64Strict(json: unknown): Uint8Array | undefined {
  if (json instanceof Uint8Array) return json;
  const sizeBytes = isString(json) ? base64Size(json) : undefined;
  if (sizeBytes === undefined) return undefined;
  const bytes = Buffer.from(json as string, "base64");
  return bytes.length === sizeBytes ? bytes : undefined;
}

/**
 * How many bytes padded standard base64 stands for; undefined for what cannot be that. Node skips characters that it does not know, so it is
 * only base64 if that many bytes come of it.
 */
export function base64Size(text: string | Buffer): number | undefined {
  const { length } = text;
  if (length % 4 !== 0 || text.includes("-") || text.includes("_")) return undefined;
  const padding = text.includes("==", length - 2) ? 2 : text.includes("=", length - 1) ? 1 : 0;
  return (length / 4) * 3 - padding;
}

function mismatch(json: unknown, wanted: string, parent: string, name: string): ServiceError {
  const at = join(parent, name);
  return new ServiceError(
    "SerializationException",
    `${describe(json)} can not be converted to ${wanted}${at === "" ? "" : ` at '${at}'`}`,
  );
}

/** The kind of a JSON value, never the value: it may be a secret. */
function describe(json: unknown): string {
  if (json === null) return "NULL_VALUE";
  if (Array.isArray(json)) return "LIST_VALUE";
  if (typeof json === "boolean") return json ? "TRUE_VALUE" : "FALSE_VALUE";
  return `${typeof json === "object" ? "STRUCTURE" : (typeof json).toUpperCase()}_VALUE`;
}

function raise(error: Error): never {
  throw error;
}
