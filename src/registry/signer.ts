import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a signature is for: one that was made for one thing is worth nothing for another. */
type Purpose = "token" | "session" | "session-key" | "layer" | "page" | "image";

/** Signs what the registry hands out and wants to recognise when it comes back, with a key that never leaves it. */
export interface Signer {
  sign(purpose: Purpose, text: string): string;
  /** Compares in constant time. */
  verify(purpose: Purpose, text: string, signature: string): boolean;
}

/** A signer with a key of its own. */
export function createSigner(key: Uint8Array = randomBytes(32)): Signer {
  const mac = (purpose: Purpose, text: string): Buffer =>
    createHmac("sha256", key).update(`${purpose}\n${text}`).digest();
  return {
    sign: (purpose, text) => mac(purpose, text).toString("base64url"),
    verify(purpose, text, signature) {
      const given = Buffer.from(signature, "base64url");
      const expected = mac(purpose, text);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
