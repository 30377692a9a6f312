import { digestOf } from "../../image/digest.js";
import { type CatalogueEntry, catalogue } from "./catalogue.js";
import type { Finding } from "./finding.js";
import type { Scanner } from "./scanner.js";

/** Options of {@link syntheticScanner}. */
export interface SyntheticScannerOptions {
  /** Another seed gives other findings for the same digest. @default "" */
  readonly seed?: string | undefined;
  /** Most findings that an image has. @default 12 */
  readonly maxFindings?: number | undefined;
}

/**
 * A scanner that looks at nothing: it makes up findings, by the image's digest, so that the same image has the same ones everywhere. They are
 * sample data modelled on public vulnerabilities, and say nothing about what is in the image.
 */
export function syntheticScanner({ seed = "", maxFindings = 12 }: SyntheticScannerOptions = {}): Scanner {
  return ({ digest }) => {
    const chance = chanceOf(`${seed} ${digest}`);
    const count = (chance[0] ?? 0) % (Math.min(maxFindings, catalogue.length) + 1);
    const drawn = catalogue.map((entry, index) => ({ entry, lot: chance[index + 1] ?? 0 }));
    return drawn
      .toSorted((a, b) => a.lot - b.lot)
      .slice(0, count)
      .map(({ entry }) => findingOf(entry));
  };
}

/** Bytes that only the text decides. */
const chanceOf = (text: string): Buffer => Buffer.from(digestOf(text, "sha512").slice("sha512:".length), "hex");

function findingOf(entry: CatalogueEntry): Finding {
  const publishedAtMs = Date.parse(entry.publishedAt);
  const uri = `https://nvd.nist.gov/vuln/detail/${entry.name}`;
  return {
    name: entry.name,
    severity: entry.severity,
    description: entry.description,
    uri,
    packages: [
      {
        name: entry.package,
        version: entry.version,
        packageManager: entry.packageManager,
        fixedInVersion: entry.fixedInVersion,
      },
    ],
    cvss: [{ baseScore: entry.score, scoringVector: entry.vector, source: "NVD", version: versionOf(entry.vector) }],
    source: "NVD",
    vendorSeverity: entry.severity,
    referenceUrls: [uri],
    publishedAtMs,
    updatedAtMs: publishedAtMs,
    exploitAvailable: entry.exploitAvailable ?? false,
  };
}

const versionOf = (vector: string): string => /^CVSS:(\d\.\d)/.exec(vector)?.[1] ?? "2.0";
