import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/** A folder in which a server has places of its own, and a file that it has no business with. */
export interface Sandbox {
  /** For `--data`. */
  readonly data: string;
  /** Names its place for temporary files. */
  readonly env: NodeJS.ProcessEnv;
  /** Where it is started. */
  readonly cwd: string;
  /** What stands in the file. */
  readonly secret: string;
  /** What lies outside the server's places, or in them without being named as it names things, or is not as it was. */
  strays(): readonly string[];
  remove(): void;
}

/** What a server may have in its places. */
const OWN =
  /^(secret\.txt|tmp\/ecrkit-\w+(\/\d+)?|data\/(ecrkit\.json|closed|lock[\w.-]*|signer-key|clock|state([.-].*|\/.*)?|uploads(\/\d+)?|blobs(\/sha(256|512)(\/[0-9a-f]{2}(\/[0-9a-f]+)?)?)?))$/;

export function createSandbox(): Sandbox {
  const root = mkdtempSync(join(tmpdir(), "ecrkit-soak-"));
  const [data, temporary, cwd] = [join(root, "data"), join(root, "tmp"), join(root, "cwd")];
  const file = join(root, "secret.txt");
  const secret = `secret ${randomUUID()}`;
  for (const folder of [data, temporary, cwd]) mkdirSync(folder);
  writeFileSync(file, secret);
  return {
    data,
    env: { TMPDIR: temporary },
    cwd,
    secret,
    strays() {
      const found = readdirSync(root, { recursive: true, withFileTypes: true })
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .filter((path) => !["data", "tmp", "cwd"].includes(path) && !OWN.test(path));
      return readFileSync(file, "utf8") === secret ? found : [...found, "secret.txt was changed"];
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
