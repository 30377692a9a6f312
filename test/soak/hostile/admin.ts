import type { Chance } from "../chance.js";
import { type Attack, whole } from "./attack.js";
import { HOSTILE_VALUES } from "./json.js";
import type { World } from "./world.js";

/** Texts of JSON that the members of a seed may have, or hardly. */
const SEEDED: readonly string[] = [
  '"123456789012"',
  '"us-east-1"',
  '"seeded"',
  '["v1"]',
  '["linux/amd64","linux/arm64/v8"]',
  "[1000]",
  "[1e15]",
  "[0]",
  "[-1]",
  '"3d"',
  '"99999999d"',
  '"-1d"',
  '[{"operation":"PutImage","input":{}}]',
  '[{"operation":"DeleteRepository","input":{"__proto__":{}}}]',
  '[{"operation":"__proto__"}]',
  '["application/spdx+json"]',
];

const LINES: readonly string[] = [
  "{}",
  "null",
  '{"entry":["image",1]}',
  '{"entry":["__proto__",{"polluted":true}]}',
  '{"entry":[1,2,3]}',
  '{"entry":["repository a b c",{}]}',
  '{"blob":"sha256:../../secret.txt","bytes":"aGVsbG8="}',
  '{"blob":"../../secret.txt","bytes":"aGVsbG8="}',
  '{"blob":7,"bytes":"="}',
  '{"end":{"entries":-1,"blobs":-1}}',
  '{"end":{"entries":1e400}}',
  `{"blob":"sha256:${"0".repeat(64)}","bytes":"${"A".repeat(100_000)}"}`,
  "x".repeat(100_000),
  "",
  "\0",
];

/** A request to the local ECR's own routes: seeds, snapshots, reports and clocks that are none. Nothing here may set faults or move the clock. */
export function adminAttack(chance: Chance, world: World): Attack {
  const [method, name, body] = chance.pick<() => readonly [string, string, string]>([
    () => ["POST", "seed", seedText(chance)],
    () => ["PUT", "snapshot", snapshotText(chance)],
    () => ["POST", `scan-report?digest=${chance.pick([world.manifestDigest, "x", ""])}`, reportText(chance)],
    () => ["POST", "clock", `{"advance":${chance.pick(HOSTILE_VALUES.filter((text) => !/^\d/.test(text)))}}`],
    () => ["PUT", "faults", `{"faults":[{"effect":${chance.pick(HOSTILE_VALUES)}}]}`],
    () => ["POST", "lifecycle", `{"region":${value(chance)},"repositoryName":${value(chance)}}`],
    () => ["POST", chance.pick(["__proto__", "constructor", "seed/../reset", "", "log"]), "{}"],
  ])();
  return whole(`admin ${method} ${name} ${body.slice(0, 300)}`, { method, target: `/_ecrkit/${name}`, body });
}

const value = (chance: Chance): string => chance.pick(chance.in(0.3) ? HOSTILE_VALUES : SEEDED);

const object = (chance: Chance, members: Readonly<Record<string, () => string>>): string =>
  `{${Object.entries(members)
    .filter(() => chance.in(0.7))
    .map(([name, text]) => `"${name}":${chance.in(0.1) ? value(chance) : text()}`)
    .join(",")}}`;

const seedText = (chance: Chance): string =>
  object(chance, {
    registries: () =>
      `[${object(chance, {
        account: () => '"123456789012"',
        region: () => '"us-east-1"',
        calls: () => value(chance),
        repositories: () =>
          `[${object(chance, {
            name: () => '"seeded"',
            settings: () => value(chance),
            calls: () => value(chance),
            images: () =>
              `[${object(chance, {
                tags: () => '["v1"]',
                platforms: () => value(chance),
                layerBytes: () => value(chance),
                pushed: () => value(chance),
                attachments: () => value(chance),
              })}]`,
          })}]`,
      })}]`,
  });

/** Never one that is whole: its last line is missing, or wrong. */
const snapshotText = (chance: Chance): string =>
  [
    chance.pick([
      '{"format":"ecrkit-snapshot","version":1,"takenAtMs":0}',
      '{"format":"ecrkit-snapshot","version":2}',
      "{}",
    ]),
    ...Array.from({ length: 1 + chance.below(4) }, () => chance.pick(LINES)),
    '{"entry":',
  ].join("\n");

const reportText = (chance: Chance): string =>
  chance.pick([
    `{"Results":${value(chance)}}`,
    `{"Results":[{"Vulnerabilities":[${object(chance, { VulnerabilityID: () => value(chance), Severity: () => value(chance), PkgName: () => value(chance), InstalledVersion: () => value(chance) })}]}]}`,
    `{"matches":[${object(chance, { vulnerability: () => value(chance), artifact: () => value(chance) })}]}`,
    value(chance),
  ]);
