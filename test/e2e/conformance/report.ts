import { existsSync, readFileSync } from "node:fs";
import { FAILED_BY, SKIPPED_BY } from "./quirks.js";
import { type ConformanceRun, type ConformanceTest, OPTIONS, suiteVersion } from "./suite.js";

export const PAGE = "docs/oci-conformance.md";
export const SUMMARY = "docs/oci-conformance.yaml";

/** The workflows of the specification, and which tests belong to them. The first that fits counts. */
const WORKFLOWS: readonly (readonly [name: string, tests: RegExp])[] = [
  ["base", /^ping$/],
  ["management", /-delete$/],
  ["referrers", /(^|\/)referrers$/],
  ["discovery", /\/tag[- ]list$/],
  ["push", /\/(blob-(post|patch|mount)[^/]*|manifest-put|push\/[^/]*)$/],
  ["pull", /./],
];

const workflowOf = ({ name }: ConformanceTest): string => WORKFLOWS.find(([, tests]) => tests.test(name))?.[0] ?? "";

/** The page about both runs. Its date is that of the run that found something else than the one before. */
export function pageOf(oci: ConformanceRun, ecr: ConformanceRun): string {
  const before = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  const [date = ""] = /(?<=^- date: ).*$/m.exec(before) ?? [];
  const page = pageAt(date, oci, ecr);
  return page === before ? page : pageAt(new Date().toISOString().slice(0, 10), oci, ecr);
}

const pageAt = (date: string, oci: ConformanceRun, ecr: ConformanceRun): string => `# OCI conformance

What the conformance suite of the OCI distribution specification says of \`ecrkit local\`, in both of its profiles. \`bash scripts/conformance.sh report\`
writes this page and [oci-conformance.yaml](oci-conformance.yaml), the suite's own summary of profile \`oci\`; \`npm run test:e2e\` runs the suite again and fails when
either would change, in memory and on disk.

- suite: github.com/opencontainers/distribution-spec/conformance, ${suiteVersion()}
- date: ${date}
- specification: 1.1
- beyond the suite's defaults: ${Object.keys(OPTIONS)
  .map((name) => `\`${name}\``)
  .join(", ")}

## Profile oci

${countsOf(oci)}

${skipsOf(oci)}

The suite leaves out what 1.1 does not ask for, and so it is off by default:

${table(
  ["left out", "why"],
  disabledOf(oci).map((name) => [name, DISABLED[name] ?? "off by default for version 1.1"]),
)}

## Profile ecr

The default profile is odd where ECR is odd, and so fails tests, exactly these. What each oddity rests on is in [fidelity.md](fidelity.md). Tests below
\`blobs/\` run with sha256 and with sha512.

${countsOf(ecr)}

${byQuirk("Failed", ecr, "failure", FAILED_BY)}

${byQuirk("Skipped", ecr, "skipped", SKIPPED_BY)}
`;

const DISABLED: Readonly<Record<string, string>> = {
  "Manifest put with tag params": "of the specification's next version",
  "Sparse Manifests": "a registry may demand that what a manifest names is there, and this one does",
  "Tag Param": "of the specification's next version",
  "Tag Param sha512": "of the specification's next version",
};

/** What the suite's summary calls disabled. */
const disabledOf = ({ summary }: ConformanceRun): readonly string[] =>
  Array.from(summary.matchAll(/^ {2}(.*): Disabled$/gm), ([, name = ""]) => name);

function countsOf({ tests }: ConformanceRun): string {
  const row = (name: string, of: readonly ConformanceTest[]): readonly string[] => [
    name,
    ...(["passed", "skipped", "failure"] as const).map((status) =>
      String(of.filter((one) => one.status === status).length),
    ),
  ];
  const rows = WORKFLOWS.map(([name]) =>
    row(
      name,
      tests.filter((test) => workflowOf(test) === name),
    ),
  );
  return table(["workflow", "passed", "skipped", "failed"], [...rows, row("all", tests)]);
}

function skipsOf({ tests }: ConformanceRun): string {
  const skipped = tests.filter(({ status }) => status === "skipped");
  if (skipped.length === 0) return "Nothing is skipped.";
  return table(
    ["skipped", "the suite's reason"],
    skipped.map(({ name, reason }) => [`\`${name}\``, reason]),
  );
}

function byQuirk(
  title: string,
  { tests }: ConformanceRun,
  status: ConformanceTest["status"],
  quirks: typeof FAILED_BY,
): string {
  const rows = quirks.map(({ quirk, what, tests: pattern }) => {
    const names = tests.filter((one) => one.status === status && pattern.test(one.name)).map(({ name }) => name);
    return [`\`${quirk}\``, what, String(names.length), namesOf(names)];
  });
  return table(["quirk", "what ECR does", title.toLowerCase(), "tests"], rows);
}

/** Each name once, in an order that the suite itself does not keep; those of the tests that run with either algorithm once for both. */
const namesOf = (names: readonly string[]): string =>
  [...new Set(names.map((name) => name.replace(/^sha(256|512) blobs\//, "blobs/")))]
    .sort()
    .map((name) => `\`${name}\``)
    .join(", ");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
