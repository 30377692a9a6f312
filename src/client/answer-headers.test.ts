import { describe, expect, it } from "vitest";
import { clockOffsetMs, retryAfterMs } from "./answer-headers.js";

const NOW = Date.UTC(2026, 0, 1, 12);

describe("retryAfterMs", () => {
  it.each([
    [{}, undefined],
    [{ "retry-after": "3" }, 3_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "9999999999" }, 9_999_999_999_000],
    [{ "x-amz-retry-after": "9999999999" }, 9_999_999_999],
    [{ "retry-after": "Thu, 01 Jan 2026 12:00:20 GMT" }, 20_000],
    [{ "retry-after": "Thu, 01 Jan 2026 11:59:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "x-amz-retry-after": "1500" }, 1_500],
    [{ "x-amz-retry-after": "1500", "retry-after": "3" }, 1_500],
    [{ "x-amz-retry-after": "soon", "retry-after": "3" }, 3_000],
  ])("reads %j as %s ms", (headers, expected) => {
    expect(retryAfterMs(headers as Record<string, string>, NOW)).toBe(expected);
  });
});

describe("clockOffsetMs", () => {
  it.each([
    ["Thu, 01 Jan 2026 12:04:59 GMT", undefined],
    ["Thu, 01 Jan 2026 12:05:00 GMT", 300_000],
    ["Thu, 01 Jan 2026 09:00:00 GMT", -3 * 3_600_000],
    ["today", undefined],
  ])("is told by the answer's date %s", (date, expected) => {
    expect(clockOffsetMs({ date }, NOW)).toBe(expected);
  });

  it("is not told by an answer without a date", () => {
    expect(clockOffsetMs({}, NOW)).toBeUndefined();
  });
});
