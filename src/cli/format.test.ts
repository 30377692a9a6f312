import { describe, expect, it } from "vitest";
import { formatBytes, formatTime } from "./format.js";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [31_415_926, "31.4 MB"],
    [99_949, "99.9 kB"],
    [314_159, "314 kB"],
    [999_950, "1.0 MB"],
    [999_999_999, "1.0 GB"],
    [2 ** 31, "2.1 GB"],
  ])("shows %d bytes as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("formatTime", () => {
  it("is in UTC, to the second", () => {
    expect(formatTime(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)))).toBe("2026-01-02 03:04:05Z");
  });

  it("is empty without a time", () => {
    expect(formatTime(undefined)).toBe("");
  });
});
