import { seededChance } from "../../src/transport/fault-chance.js";

/** Chance that repeats itself: the same seed, the same run. */
export interface Chance {
  /** From 0 up to 1, without 1. */
  fraction(): number;
  /** A whole number from 0 up to `limit`, without it. */
  below(limit: number): number;
  /** True in that share of all cases. */
  in(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Buffer;
  hex(length: number): string;
}

export function chanceOf(seed: number): Chance {
  const fraction = seededChance(seed);
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    in: (share) => fraction() < share,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new RangeError("nothing to pick from");
      return from[below(from.length)] as T;
    },
    bytes(length) {
      const bytes = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; at++) bytes[at] = below(256);
      return bytes;
    },
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(""),
  };
}
