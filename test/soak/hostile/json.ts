import { ecrOperations } from "../../../src/protocol/ecr/operations.js";
import { ecrPublicOperations } from "../../../src/protocol/ecr-public/operations.js";
import type { OperationDescription } from "../../../src/protocol/operation.js";
import { planOf, type Shape } from "../../../src/protocol/shape.js";
import type { Chance } from "../chance.js";
import { digestOf } from "../client.js";
import { type Attack, whole } from "./attack.js";
import type { World } from "./world.js";

const deep = (open: string, close: string, times: number): string => open.repeat(times) + close.repeat(times);

/** Texts of JSON that no member should have as its value. */
export const HOSTILE_VALUES: readonly string[] = [
  "null",
  "true",
  "0",
  "-0",
  "-1",
  "1.5",
  "1e400",
  "-1e400",
  "1e-400",
  "9007199254740993",
  "99999999999999999999999999",
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u202e\\ufeff"',
  '"__proto__"',
  '"constructor"',
  '"../../../../etc/passwd"',
  '"secret.txt"',
  '"é🐳"',
  `"${"a".repeat(100_000)}"`,
  `"${"a-".repeat(20_000)}!"`,
  `"${"_".repeat(5_000)}"`,
  `"${"*".repeat(2_000)}x"`,
  `"${"a/".repeat(2_000)}"`,
  "[]",
  "[null]",
  "[[]]",
  "[{}]",
  "{}",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"length":1e9}',
  '{"toString":1,"valueOf":1,"toJSON":1}',
  deep("[", "]", 10_000),
  deep('{"a":', "}", 3_000).replace("}", "1}"),
  JSON.stringify(deep("[", "]", 50_000)),
  JSON.stringify('{"rules":[{"rulePriority":1e400,"selection":{"__proto__":1}}]}'),
  JSON.stringify(
    '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Condition":{"__proto__":{}}}]}',
  ),
  JSON.stringify(`{"Statement":${deep("[", "]", 20_000)}}`),
  JSON.stringify("9".repeat(10_000)),
];

/** Texts that the members of an operation may really have. */
const goodTexts = ({ repository, tag, manifest, manifestDigest, layerDigest, uploadId }: World): readonly string[] => [
  repository,
  tag,
  manifest,
  manifestDigest,
  layerDigest,
  uploadId,
  digestOf("nothing"),
  "123456789012",
  "us-east-1",
  `arn:aws:ecr:us-east-1:123456789012:repository/${repository}`,
  `arn:aws:ecr-public::123456789012:repository/${repository}`,
  "arn:aws:iam::123456789012:role/x",
  '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9999},"action":{"type":"expire"}}]}',
  '{"Version":"2008-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":"ecr:*"}]}',
  "team",
  "new",
  "ROOT",
];

/** Calls that would only make room for the next ones to fail are not interesting often. */
const OPERATIONS: readonly OperationDescription<unknown, unknown>[] = [
  ...Object.values(ecrOperations),
  ...Object.values(ecrPublicOperations),
] as readonly OperationDescription<unknown, unknown>[];

/** A call of any of the 85 operations with members of which one or two are hostile, or with a body that is hardly JSON. */
export function jsonAttack(chance: Chance, world: World): Attack {
  const { name, service, input } = chance.pick(OPERATIONS);
  const json = valueText(chance, world, input, 0);
  const body = chance.in(0.2) ? mangled(chance, json) : json;
  const signature = world.signature.replace("/ecr/", `/${service.id}/`);
  const target = chance.in(0.97)
    ? `${service.targetPrefix}.${name}`
    : chance.pick([
        `.${name}`,
        "__proto__.a",
        `${service.targetPrefix}.constructor`,
        `${service.targetPrefix}.`,
        `${service.targetPrefix}.__proto__`,
      ]);
  return whole(`${name} ${Buffer.from(body).toString("latin1", 0, 300)}`, {
    method: "POST",
    headers: [signature, `X-Amz-Target: ${target}`, "Content-Type: application/x-amz-json-1.1"],
    body,
  });
}

/** The text of a value of the shape: mostly one that passes, at times one that must not. */
function valueText(chance: Chance, world: World, shape: Shape, depth: number): string {
  if (depth > 0 && chance.in(0.06)) return chance.pick(HOSTILE_VALUES);
  switch (shape.kind) {
    case "string":
      return JSON.stringify(shape.values ? chance.pick(shape.values) : chance.pick(goodTexts(world)));
    case "number":
      return String(chance.pick([0, 1, 2, 5, 100, 1_000, shape.min ?? 0, shape.max ?? 10]));
    case "boolean":
      return String(chance.in(0.5));
    case "timestamp":
      return chance.pick(["0", "1767225600", "1767225600.5", "-1", "1e300"]);
    case "blob":
      return JSON.stringify(chance.pick(["", "aGVsbG8=", "aGVsbG8", "====", "é", chance.bytes(30).toString("base64")]));
    case "list":
      return `[${many(chance, chance.in(0.02) ? 2_000 : 3, () => valueText(chance, world, shape.element, depth + 1))}]`;
    case "map":
      return `{${many(chance, 3, () => `${JSON.stringify(chance.pick(["a", "__proto__", "toString", ""]))}:${valueText(chance, world, shape.value, depth + 1)}`)}}`;
    case "structure":
      return `{${planOf(shape)
        .filter(({ required }) => chance.in(required ? 0.97 : 0.4))
        .map((member) => `${JSON.stringify(member.name)}:${valueText(chance, world, member.shape, depth + 1)}`)
        .join(",")}}`;
  }
}

const many = (chance: Chance, most: number, one: () => string): string =>
  Array.from({ length: chance.below(most + 1) }, one).join(",");

function mangled(chance: Chance, json: string): string | Uint8Array {
  const at = chance.below(json.length + 1);
  return chance.pick<() => string | Uint8Array>([
    () => "",
    () => " ",
    () => `\ufeff${json}`,
    () => `${json}${json}`,
    () => json.slice(0, at),
    () => `${json.slice(0, at)}\0${json.slice(at)}`,
    () => Buffer.concat([Buffer.from(json.slice(0, at)), Buffer.from([0xff, 0xc0]), Buffer.from(json.slice(at))]),
    () => Buffer.from(json, "utf16le"),
    () => `${json.slice(0, -1)}${json.length > 2 ? "," : ""}"repositoryName":"first","repositoryName":"second"}`,
    () => `${json.slice(0, -1)}${json.length > 2 ? "," : ""}"__proto__":{"repositoryName":"polluted"}}`,
    () => `${json.slice(0, -1)}${json.length > 2 ? "," : ""}"extra":${deep("[", "]", 100_000)}}`,
    () => deep("[", "", 200_000),
    () => deep('{"a":', "", 100_000),
    () => `[${json}]`,
    () => `/* a */ ${json}`,
    () => "NaN",
    () => `"${"x".repeat(1_500_000)}"`,
    () => `{"layerPartBlob":"${"A".repeat(1_500_000)}"`,
    () => `{"layerPartBlob":"${"A".repeat(1_500_001)}","layerPartBlob":1}`,
    () => `{"a":{"layerPartBlob":"${"A".repeat(1_500_000)}"}}`,
    () =>
      `{"layerPartBlob":"${"=".repeat(1_500_000)}","repositoryName":"team/app","uploadId":"x","partFirstByte":0,"partLastByte":1}`,
  ])();
}

/** A form of STS with odd members. */
export function stsAttack(chance: Chance, world: World): Attack {
  const action = chance.pick([
    "GetCallerIdentity",
    "AssumeRole",
    "AssumeRoleWithWebIdentity",
    "GetSessionToken",
    "__proto__",
    "constructor",
    "",
  ]);
  const parameters = ["Version=2011-06-15", `Action=${action}`];
  const names = [
    "RoleArn",
    "RoleSessionName",
    "WebIdentityToken",
    "DurationSeconds",
    "Policy",
    "Tags.member.1.Key",
    "Tags.member.99999999.Key",
    "Tags.member.-1.Key",
    "Tags.member.__proto__.Key",
    "PolicyArns.member.1.arn",
    "__proto__",
    "SerialNumber",
  ];
  const values = [
    "",
    "a",
    "arn:aws:iam::123456789012:role/x",
    "%",
    "%00",
    "%ff",
    "-1",
    "1e9",
    "a.b.c",
    "eyJhbGciOiJub25lIn0.e30.",
    "{}",
    encodeURIComponent(deep("[", "]", 5_000)),
    "x".repeat(5_000),
  ];
  for (let more = chance.below(7); more > 0; more--) parameters.push(`${chance.pick(names)}=${chance.pick(values)}`);
  const form = parameters.join(chance.in(0.95) ? "&" : ";");
  return whole(`sts ${form.slice(0, 200)}`, {
    method: "POST",
    headers: [
      world.signature.replace("/ecr/", "/sts/"),
      "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
    ],
    body: form,
  });
}
