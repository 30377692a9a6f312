import type { Chance } from "../chance.js";
import { digestOf } from "../client.js";
import { OCI_MANIFEST } from "../image.js";
import { type Attack, whole } from "./attack.js";
import type { World } from "./world.js";

type Json = unknown;

const HOSTILE: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 2 ** 60,
  () => 1.5,
  () => "",
  () => "\0",
  () => "\u202e",
  () => "a".repeat(50_000),
  () => `sha256:${"0".repeat(63)}`,
  () => `sha256:${"Z".repeat(64)}`,
  () => digestOf("nothing"),
  () => "sha512:../../../../etc/passwd",
  () => "../../secret.txt",
  () => [],
  () => [null],
  () => ({}),
  () => nested(1_000),
  () => Array.from({ length: 20_000 }, (_, at) => ({ digest: digestOf(String(at)), size: at, mediaType: "a/b" })),
  () => Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key-${at}`, "value"])),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
];

const nested = (depth: number): Json => {
  let value: Json = 1;
  for (let at = 0; at < depth; at++) value = [value];
  return value;
};

/** The largest manifest in bytes. */
const MAX_MANIFEST = 4_194_304;

const TYPES = [
  OCI_MANIFEST,
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v1+prettyjws",
  "application/json",
  "text/plain; charset=utf-8",
  "__proto__",
  "",
  `${OCI_MANIFEST}; charset=utf-16`,
] as const;

/** A push of a manifest in which one thing or two are not what they should be, by either door. */
export function manifestAttack(chance: Chance, world: World): Attack {
  const document = JSON.parse(world.manifest) as Record<string, Json>;
  for (let times = chance.below(3); times >= 0; times--) mutate(chance, world, document);
  const text = chance.in(0.9) ? JSON.stringify(document) : broken(chance, JSON.stringify(document));
  const reference = chance.pick(["odd", "v2", world.manifestDigest, digestOf(text), "a".repeat(200), "-", "sha256:0"]);
  if (chance.in(0.6))
    return whole(`PUT manifest ${text.slice(0, 300)}`, {
      method: "PUT",
      target: `/v2/${world.repository}/manifests/${reference}`,
      headers: [world.login, `Content-Type: ${chance.in(0.7) ? OCI_MANIFEST : chance.pick(TYPES)}`],
      body: text,
    });
  const call = {
    repositoryName: world.repository,
    imageManifest: text,
    imageTag: chance.pick(["odd", undefined]),
    imageManifestMediaType: chance.pick([undefined, ...TYPES]),
    imageDigest: chance.pick([undefined, world.manifestDigest]),
  };
  return whole(`PutImage ${text.slice(0, 300)}`, {
    method: "POST",
    headers: [world.signature, "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.PutImage"],
    body: JSON.stringify(call),
  });
}

/** Puts something hostile somewhere into the document, or something real where it does not belong. */
function mutate(chance: Chance, world: World, document: Record<string, Json>): void {
  const self = { mediaType: OCI_MANIFEST, digest: world.manifestDigest, size: world.manifest.length };
  const added = chance.pick<() => readonly [string, Json]>([
    () => ["subject", self],
    () => ["subject", { ...self, digest: digestOf("nothing"), size: -1 }],
    () => ["subject", [self]],
    () => ["manifests", [self, self, self]],
    () => ["manifests", Array.from({ length: 5_000 }, () => self)],
    () => ["annotations", chance.pick(HOSTILE)()],
    () => ["artifactType", chance.pick(HOSTILE)()],
    () => ["mediaType", chance.pick(TYPES)],
    () => ["schemaVersion", chance.pick([1, "2", 2.0000001, null, [2]])],
    () => ["fsLayers", [{ blobSum: world.layerDigest }]],
    () => ["layers", Array.from({ length: 4_000 }, () => ({ mediaType: "a/b", digest: world.layerDigest, size: 1 }))],
    () => [chance.pick(Object.keys(document)), chance.pick(HOSTILE)()],
    () => {
      const config = document["config"];
      return [
        "config",
        typeof config === "object"
          ? { ...config, [chance.pick(["digest", "size", "mediaType", "urls", "data"])]: chance.pick(HOSTILE)() }
          : {},
      ];
    },
  ])();
  document[added[0]] = added[1];
  if (chance.in(0.3)) delete document[chance.pick(Object.keys(document))];
}

const broken = (chance: Chance, text: string): string =>
  chance.pick([
    text.slice(0, chance.below(text.length)),
    `${text}\0`,
    `\ufeff${text}`,
    text.replace("{", '{"mediaType":"a","mediaType":"b",'),
    text.replace("{", '{"__proto__":{"layers":[]},'),
    text.replace("{", '{"annotations":{"a":"\\ud800"},'),
    text.replace("{", `{"annotations":${"[".repeat(50_000)}${"]".repeat(50_000)},`),
    `[${text}]`,
    " ".repeat(MAX_MANIFEST - text.length) + text,
    " ".repeat(MAX_MANIFEST + 1 - text.length) + text,
    "[".repeat(100_000),
  ]);

const RANGES: readonly string[] = [
  "bytes=0-",
  "bytes=-1",
  "bytes=-0",
  "bytes=0-0",
  "bytes=0-0,1-1",
  `bytes=${"0-1,".repeat(1_000)}2-3`,
  "bytes=199999-200000",
  "bytes=200000-",
  "bytes=99999999999999999999-",
  "bytes=0-99999999999999999999999",
  "bytes=5-4",
  "bytes=--1",
  "bytes=1e3-2e3",
  "bytes=0x0-0x5",
  "bytes= 0 - 5",
  "BYTES=0-5",
  "items=0-5",
  "bytes",
  "=",
  "bytes=-99999999999999999999",
];

/** A pull of a layer or a manifest with odd conditions, or of something like a digest. */
export function pullAttack(chance: Chance, world: World): Attack {
  const digest = chance.pick([
    world.layerDigest,
    world.layerDigest,
    world.configDigest,
    world.layerDigest.toUpperCase(),
    world.layerDigest.slice(0, -1),
    `${world.layerDigest}0`,
    "sha256:",
    ":",
    "sha256",
    `sha1:${"0".repeat(40)}`,
    `sha512:${"0".repeat(128)}`,
    world.manifestDigest,
  ]);
  const target = `/v2/${world.repository}/${chance.pick(["blobs", "blobs", "manifests", "referrers"])}/${digest}`;
  const headers = [world.login];
  if (chance.in(0.7)) headers.push(`Range: ${chance.pick(RANGES)}`);
  if (chance.in(0.3))
    headers.push(
      `If-None-Match: ${chance.pick(["*", `"${digest}"`, `W/"${digest}"`, ",,,", '"', `${'"a",'.repeat(2_000)}`])}`,
    );
  if (chance.in(0.2)) headers.push(`If-Range: ${chance.pick([`"${digest}"`, "x", "Wed, 21 Oct 2015 07:28:00 GMT"])}`);
  return whole(`pull ${headers.slice(1).join(" ").slice(0, 200)}`, {
    method: chance.pick(["GET", "GET", "HEAD"]),
    target,
    headers,
  });
}

/** A step of an upload out of order, to a session that is none, or with an odd place. */
export function uploadAttack(chance: Chance, world: World): Attack {
  const id = chance.pick([
    world.uploadId,
    world.uploadId,
    "../../secret.txt",
    "%2e%2e",
    "__proto__",
    "0",
    world.uploadId.toUpperCase(),
    "a".repeat(5_000),
  ]);
  const digest = chance.pick([
    digestOf("hello"),
    digestOf("other"),
    world.layerDigest,
    "",
    "sha256:",
    `sha512:${"0".repeat(128)}`,
    "sha256:../../secret.txt",
    "md5:0",
    "%00",
  ]);
  const ranges = [
    "0-4",
    "5-9",
    "0-0",
    "4-0",
    "-",
    "0-",
    "-4",
    "a-b",
    "0-4/5",
    "bytes 0-4/*",
    "99999999999999999-99999999999999999",
    "0-18446744073709551615",
    "00-04",
  ];
  const headers = [world.login];
  if (chance.in(0.5)) headers.push(`Content-Range: ${chance.pick(ranges)}`);
  const session = `/v2/${world.repository}/blobs/uploads/${id}`;
  const [method, target] = chance.pick([
    ["PATCH", session],
    ["PUT", `${session}?digest=${digest}`],
    ["PUT", session],
    ["GET", session],
    ["POST", session],
    ["POST", `/v2/${world.repository}/blobs/uploads/?digest=${digest}`],
    [
      "POST",
      `/v2/${world.repository}/blobs/uploads/?mount=${digest}&from=${chance.pick([world.repository, "../..", "none", ""])}`,
    ],
    ["DELETE", `${session}x`],
    ["DELETE", `/v2/${world.repository}/blobs/${digest}`],
  ] as const);
  return whole(`upload ${method} ${target.slice(0, 200)}`, { method, target, headers, body: "hello" });
}
