import type { Chance } from "../chance.js";
import { type Attack, bytesOf, whole } from "./attack.js";
import type { World } from "./world.js";

const METHODS = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"] as const;

/** Every kind of path that the server knows. */
const goodTargets = ({ repository, tag, manifestDigest, layerDigest, uploadId }: World): readonly string[] => [
  "/",
  "/v2/",
  "/v2/_catalog?n=2&last=a",
  `/v2/${repository}/tags/list?n=1`,
  `/v2/${repository}/manifests/${tag}`,
  `/v2/${repository}/manifests/${manifestDigest}`,
  `/v2/${repository}/blobs/${layerDigest}`,
  `/v2/${repository}/blobs/uploads/`,
  `/v2/${repository}/blobs/uploads/?mount=${layerDigest}&from=${repository}`,
  `/v2/${repository}/blobs/uploads/${uploadId}?digest=${layerDigest}`,
  `/v2/${repository}/referrers/${manifestDigest}?artifactType=a/b`,
  `/token/?service=public.ecr.aws&scope=aws`,
  `/_ecrkit/log?after=0&limit=3`,
  "/_ecrkit/events?limit=1",
  "/_ecrkit/health",
  "/_logos/123456789012/app",
  `/_layers/${layerDigest}?X-Amz-Signature=0`,
  "/?Action=GetCallerIdentity&Version=2011-06-15",
];

/** What a path or a query should not have in it. */
const HOSTILE_PARTS: readonly (string | Uint8Array)[] = [
  "..",
  ".",
  "../../../../../../etc/passwd",
  "..%2f..%2f..%2fsecret.txt",
  "%2e%2e/%2e%2e/secret.txt",
  "..%5c..%5csecret.txt",
  "..\\..\\secret.txt",
  "..;/secret.txt",
  "%252e%252e%252fsecret.txt",
  "%c0%ae%c0%ae%c0%af",
  "%2f",
  "%00",
  "%0d%0aX-Injected:%201",
  "%e2%80%ae",
  "%",
  "%zz",
  "%u002e",
  "//",
  "///////",
  "?",
  "??&&==&",
  "#fragment",
  ";jsessionid=1",
  "~",
  "*",
  "{}",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "sha256:..",
  `sha256:${"0".repeat(64)}`,
  `sha256:${"A".repeat(64)}`,
  `sha512:${"0".repeat(128)}`,
  "sha256%3A0",
  "md5:d41d8cd98f00b204e9800998ecf8427e",
  "_catalog",
  "-1",
  "99999999999999999999",
  "1e9",
  "a".repeat(300),
  "a/".repeat(2_000),
  "a-".repeat(4_000),
  "__".repeat(3_000),
  Buffer.from([0x2f, 0xff, 0xfe]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0]),
  Buffer.from([0x7f]),
  "\t",
  "é",
  "🐳",
];

/** A path of the server with hostile parts in it. */
export function pathAttack(chance: Chance, world: World): Attack {
  const method = chance.pick(METHODS);
  const good = chance.pick(goodTargets(world));
  const target = chance.in(0.15) ? oddTarget(chance, good) : mutated(chance, good);
  const login = chance.in(0.85) ? [chance.pick([world.login, world.login, world.signature])] : [];
  return whole("path", { method, target, headers: login, ...(method === "GET" ? {} : { body: "{}" }) });
}

/** One to three times: a hostile part in the place of a segment, before it, after it, or of a value of the query. */
function mutated(chance: Chance, good: string): Uint8Array {
  let target: Uint8Array = bytesOf(good);
  for (let times = 1 + chance.below(3); times > 0; times--) {
    const text = Buffer.from(target).toString("latin1");
    const places = [...text.matchAll(/[/?&=]/g)].map(({ index }) => index + 1);
    const at = chance.pick(places.length > 0 ? places : [0]);
    const end = chance.in(0.5) ? at : nextPlace(text, at);
    target = Buffer.concat([target.subarray(0, at), bytesOf(chance.pick(HOSTILE_PARTS)), target.subarray(end)]);
  }
  return target;
}

const nextPlace = (text: string, at: number): number => {
  const next = text.slice(at).search(/[/?&=]/);
  return next === -1 ? text.length : at + next;
};

/** Targets that are no paths at all. */
const oddTarget = (chance: Chance, good: string): string =>
  chance.pick([
    `http://localhost${good}`,
    `HTTP://evil.example:99999${good}`,
    `http://user:pass@localhost${good}`,
    `https://[::1${good}`,
    `http:/${good}`,
    `ftp://localhost${good}`,
    `file:///etc/passwd`,
    `http://`,
    `http:///`,
    "*",
    "localhost:80",
    "?",
    "",
    good.slice(1),
    `/${good}`,
    `//localhost${good}`,
    `\\${good}`,
    `${good} HTTP/1.1`,
    `/${"x".repeat(20_000)}`,
    `${good}${good.includes("?") ? "&" : "?"}${"a=b&".repeat(3_000)}`,
    `/${"%2e%2e%2f".repeat(1_000)}etc/passwd`,
  ]);
