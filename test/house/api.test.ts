import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { publicNames } from "./public-api.js";

/** The subpath exports of the package and where each is written. */
const FACES = {
  ecrkit: "src/index.ts",
  transport: "src/transport/index.ts",
  "transport-undici": "src/transport/undici.ts",
  resilience: "src/resilience/index.ts",
  telemetry: "src/telemetry/index.ts",
  local: "src/local.ts",
} as const;

const root = fileURLToPath(new URL("../..", import.meta.url));

describe.each(Object.entries(FACES))("the public API of %s", (face, source) => {
  const entry = `${root}${source}`;

  it("is what its snapshot says: a change to it is a decision", async () => {
    expect(existsSync(entry)).toBe(true);
    const text = publicNames(entry)
      .map(({ declaration }) => declaration)
      .join("\n\n");
    await expect(`${text}\n`).toMatchFileSnapshot(`${root}api/${face}.txt`);
  }, 30_000);

  it("tells of every name what it is for", () => {
    expect(
      publicNames(entry)
        .filter(({ documented }) => !documented)
        .map(({ name }) => name),
    ).toEqual([]);
  }, 30_000);
});
