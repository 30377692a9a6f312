/** Digits of the largest number that keys are made of. */
const DIGITS = 16;

/** A number from 0 up as text that sorts as the number does. @throws {RangeError} when it is below 0, not finite, or longer than a key's digits */
export function inOrder(value: number): string {
  if (value >= 0 && value < 10 ** DIGITS) return String(Math.ceil(value)).padStart(DIGITS, "0");
  throw new RangeError(`a number in a key must be from 0 up, of ${DIGITS} digits at most, got ${value}`);
}
