import { durationMs } from "../time.js";
import type { Delay } from "./fault-plan.js";

/** A sequence of numbers from 0 up to 1 that is the same for the same seed: Mulberry32. */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many standard deviations the 99th percentile of a normal distribution is above its median. */
const Z99 = 2.3263478740408408;

/** One delay, in whole milliseconds. */
export function drawDelayMs(delay: Delay, random: () => number): number {
  if (typeof delay !== "object") return durationMs(delay);
  if ("min" in delay) {
    const minMs = durationMs(delay.min);
    return Math.round(minMs + random() * (durationMs(delay.max) - minMs));
  }
  const medianMs = durationMs(delay.median);
  const sigma = Math.log(durationMs(delay.p99) / medianMs) / Z99;
  return Math.round(medianMs * Math.exp(sigma * drawNormal(random)));
}

/** By Box and Muller. */
const drawNormal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
