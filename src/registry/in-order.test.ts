import { describe, expect, it } from "vitest";
import { inOrder } from "./in-order.js";

describe("a number in a key", () => {
  it("sorts as text as it does as a number", () => {
    const numbers = [0, 0.5, 2, 10, Date.UTC(2026, 0, 1), Number.MAX_SAFE_INTEGER];
    const texts = numbers.map(inOrder);
    expect(texts.toSorted()).toEqual(texts);
    expect(texts[1]).toBe("0000000000000001");
  });

  it.each([-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 10 ** 16])("is not %d, which would not sort", (value) => {
    expect(() => inOrder(value)).toThrow(`must be from 0 up, of 16 digits at most, got ${value}`);
  });
});
