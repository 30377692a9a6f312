import { BlockList, isIP } from "node:net";
import type { Condition } from "./policy-document.js";
import { matchesPattern } from "./wildcard.js";

/** What a request says about itself: context keys in lower case, each with its value or values. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

type Comparison = (wanted: string, found: string) => boolean;

/** Each operator without its prefixes and suffixes; the negated ones are derived. documented: IAM user guide, condition operators. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringEqualsIgnoreCase: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
  StringLike: matchesPattern,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  NumericEquals: (wanted, found) => Number(found) === Number(wanted),
  NumericLessThan: (wanted, found) => Number(found) < Number(wanted),
  NumericLessThanEquals: (wanted, found) => Number(found) <= Number(wanted),
  NumericGreaterThan: (wanted, found) => Number(found) > Number(wanted),
  NumericGreaterThanEquals: (wanted, found) => Number(found) >= Number(wanted),
  DateEquals: (wanted, found) => dateMs(found) === dateMs(wanted),
  DateLessThan: (wanted, found) => dateMs(found) < dateMs(wanted),
  DateLessThanEquals: (wanted, found) => dateMs(found) <= dateMs(wanted),
  DateGreaterThan: (wanted, found) => dateMs(found) > dateMs(wanted),
  DateGreaterThanEquals: (wanted, found) => dateMs(found) >= dateMs(wanted),
  Bool: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
  BinaryEquals: (wanted, found) => wanted === found,
  IpAddress: inNetwork,
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
};

/** Whether a condition holds for a request. A missing key fails a plain operator, passes a negated one and `IfExists`. */
export function conditionHolds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const contextKey = key.toLowerCase();
  // A key may be called `constructor`.
  const found = Object.hasOwn(context, contextKey) ? context[contextKey] : undefined;
  if (operator === "Null") return values.some((value) => (value.toLowerCase() === "true") === (found === undefined));
  const [, quantifier, rest = ""] = /^(ForAnyValue:|ForAllValues:)?(.*)$/.exec(operator) ?? [];
  const name = rest.replace(/IfExists$/, "");
  const positive = NEGATED[name] ?? name;
  const compare = COMPARISONS[positive];
  if (!compare) return false;
  const negated = positive !== name;
  if (found === undefined) {
    if (quantifier === "ForAllValues:") return true;
    if (quantifier === "ForAnyValue:") return false;
    return negated || rest.endsWith("IfExists");
  }
  const matches = (value: string): boolean => values.some((wanted) => compare(wanted, value)) !== negated;
  return quantifier === "ForAllValues:" ? found.every(matches) : found.some(matches);
}

/** Compares ARNs part by part, so that a `*` does not reach over a colon of the first five. documented: IAM user guide, ARN operators. */
function arnLike(wanted: string, found: string): boolean {
  const [pattern, arn] = [arnParts(wanted), arnParts(found)];
  return (
    pattern.length === 6 && arn.length === 6 && pattern.every((part, index) => matchesPattern(part, arn[index] ?? ""))
  );
}

const arnParts = (arn: string): readonly string[] => {
  const parts = arn.split(":");
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
};

/** A date as ISO 8601 or epoch seconds. */
const dateMs = (value: string): number => (/^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value));

function inNetwork(network: string, address: string): boolean {
  const family = isIP(address);
  const [base = "", prefix] = network.split("/");
  if (family === 0 || isIP(base) !== family) return false;
  const type = family === 6 ? "ipv6" : "ipv4";
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(base, bits, type);
  return list.check(address, type);
}
