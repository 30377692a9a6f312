import { createHash } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The unique id of a user (`AIDA…`) or a role (`AROA…`), always the same for the same ARN. documented: IAM, unique identifiers. */
export const uniqueIdOf = (prefix: "AIDA" | "AROA", arn: string): string =>
  prefix +
  Array.from(createHash("sha256").update(arn).digest().subarray(0, 17), (byte) => ALPHABET[byte % 32]).join("");
