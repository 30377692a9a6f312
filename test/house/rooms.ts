import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/** One import from one room into another. */
export interface Crossing {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const GROUND = ["errors", "time", "secret", "version"];
const ROOMS_BELOW = {
  errors: [],
  time: [],
  secret: [],
  version: [],
  image: GROUND,
  policy: [...GROUND, "image"],
  protocol: [...GROUND, "image"],
  resilience: [...GROUND, "image", "policy", "protocol"],
  telemetry: [...GROUND, "image", "policy", "protocol"],
  transport: [...GROUND, "image", "policy", "protocol"],
  cache: [...GROUND, "image", "policy", "protocol"],
  client: [...GROUND, "image", "policy", "protocol", "resilience", "telemetry", "transport", "cache"],
  registry: [...GROUND, "image", "policy", "protocol", "resilience"],
  server: [...GROUND, "image", "policy", "protocol", "transport", "registry"],
  memory: [...GROUND, "image", "policy", "client"],
  // Faces: what a subpath export lists.
  index: [...GROUND, "image", "policy", "protocol", "resilience", "telemetry", "transport", "cache", "client"],
  local: [...GROUND, "image", "protocol", "transport", "registry", "server"],
} as const satisfies Record<string, readonly string[]>;

const EVERYTHING = ["testing", "cli"];

/** Whether code in room `from` may import from room `to`. */
export function mayImport(from: string, to: string): boolean {
  if (from === to || EVERYTHING.includes(from)) return true;
  const below: readonly string[] | undefined = ROOMS_BELOW[from as keyof typeof ROOMS_BELOW];
  return below?.includes(to) ?? false;
}

/** The room a source file belongs to: its first folder, or its own name at the top. */
export const roomOf = (file: string): string => file.split("/")[0]?.replace(/\.ts$/, "") ?? "";

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)"(\.{1,2}\/[^"]+)"/g;

/** Every import between rooms of one source text. */
export const crossingsOf = (file: string, source: string): readonly Crossing[] =>
  [...source.matchAll(IMPORT)]
    .map(([, specifier = ""]) => normalize(join(dirname(file), specifier)))
    .map((target) => ({ file, from: roomOf(file), to: roomOf(target.replace(/\.js$/, ".ts")) }))
    .filter(({ from, to }) => from !== to);

/** Source files below `folder`, tests left out, as paths relative to it with forward slashes. */
export const sourceFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();

/** Every import between rooms below `folder`. */
export const crossings = (folder: string): readonly Crossing[] =>
  sourceFiles(folder).flatMap((file) => crossingsOf(file, readFileSync(join(folder, file), "utf8")));
