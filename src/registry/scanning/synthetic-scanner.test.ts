import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../image/digest.js";
import { catalogue } from "./catalogue.js";
import { syntheticScanner } from "./synthetic-scanner.js";

const image = (digest: string) => ({
  account: "000000000000",
  region: "us-east-1",
  repositoryName: "app",
  digest,
  tags: [],
  mediaType: "m",
  manifest: "{}",
});
const namesOf = (digest: string, seed = "") => syntheticScanner({ seed })(image(digest)).map(({ name }) => name);

describe("made-up findings", () => {
  it("are the same for the same digest and seed, each vulnerability once, twelve at most", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (content, seed) => {
        const digest = digestOf(content);
        const names = namesOf(digest, seed);
        expect(namesOf(digest, seed)).toEqual(names);
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it("differ by digest and by seed, and some images have none", () => {
    const digests = Array.from({ length: 100 }, (_, index) => digestOf(String(index)));
    expect(new Set(digests.map((digest) => namesOf(digest).join())).size).toBe(92);
    expect(digests.filter((digest) => namesOf(digest).length === 0)).toHaveLength(8);
    expect(digests.filter((digest) => namesOf(digest).join() === namesOf(digest, "other").join())).toHaveLength(0);
  });

  it("come from a catalogue without doubles whose severities are those of their scores", () => {
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
    for (const { severity, score } of catalogue) {
      if (severity === "CRITICAL") expect(score).toBeGreaterThanOrEqual(9);
      if (severity === "HIGH") expect(score).toBeGreaterThanOrEqual(7);
    }
  });
});
