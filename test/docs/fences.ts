import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the repository, with a slash at its end. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** What each import path of the package is written as. */
export const FACES = {
  ecrkit: "src/index.ts",
  "ecrkit/transport/undici": "src/transport/undici.ts",
  "ecrkit/transport": "src/transport/index.ts",
  "ecrkit/resilience": "src/resilience/index.ts",
  "ecrkit/telemetry": "src/telemetry/index.ts",
  "ecrkit/local": "src/local.ts",
} as const;

/** A block of code in a document. */
export interface Fence {
  /** `README.md:23`, the line of its first line of code. */
  readonly place: string;
  /** What follows the three backquotes: a language, then what it is for. */
  readonly info: string;
  readonly code: string;
  /** The `text` block that follows it directly: what it prints. */
  readonly prints?: string;
}

/** The documents whose examples are held to what they say. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

/** The blocks of code of a document, in order. */
export function fencesOf(document: string): readonly Fence[] {
  const text = readFileSync(`${root}${document}`, "utf8");
  const fences = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${document}:${text.slice(0, match.index).split("\n").length + 1}`,
    info: match[1] ?? "",
    code: match[2] ?? "",
    start: match.index,
    end: match.index + match[0].length,
  }));
  return fences.map(({ place, info, code, end }, index) => {
    const next = fences[index + 1];
    const isPrinted = next?.info === "text" && text.slice(end, next.start).trim() === "";
    return { place, info, code, ...(isPrinted && { prints: next.code }) };
  });
}
