import type { Chance } from "../chance.js";
import { digestOf } from "../client.js";
import { type Attack, rawRequest } from "./attack.js";
import type { World } from "./world.js";

/** A repository that only a request which was smuggled in would ask for. */
export const SMUGGLED = "smuggled";

/** A request that hides in the body of another. */
const hidden = ({ signature }: World): string => {
  const body = JSON.stringify({ repositoryName: SMUGGLED });
  return `POST / HTTP/1.1\r\nHost: localhost\r\n${signature}\r\nX-Amz-Target: AmazonEC2ContainerRegistry_V20150921.CreateRepository\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

/** Two ways to tell where a body ends, which a proxy and a server could read differently. */
const ENDINGS: readonly ((length: number) => readonly string[])[] = [
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding: chunked"],
  (length) => ["Transfer-Encoding: chunked", `Content-Length: ${length}`],
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding: identity"],
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding: chunked, identity"],
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding: xchunked"],
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding : chunked"],
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding:\tchunked"],
  (length) => [`Content-Length: ${length}`, "Transfer-Encoding: \x0bchunked"],
  (length) => [`Content-Length: ${length}`, "X: y\nTransfer-Encoding: chunked"],
  (length) => [`Content-Length: ${length}`, " Transfer-Encoding: chunked"],
  (length) => [`Content-Length: ${length}`, "Content-Length: 5"],
  (length) => ["Content-Length: 5", `Content-Length: ${length}`],
  (length) => [`Content-Length: 5, ${length}`],
  (length) => [`Content-Length: +${length}`],
  (length) => [`Content-Length: -${length}`],
  (length) => [`Content-Length: 0x${length.toString(16)}`],
  (length) => [`Content-Length: ${length}.0`],
  (length) => [`Content-Length: ${length} 0`],
  () => ["Content-Length: 99999999999999999999999"],
  () => ["Content-Length:"],
  () => ["Transfer-Encoding: gzip"],
  () => ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
  () => ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
];

/** A body that ends at its first bytes when it is read in chunks, and contains a request when it is not. */
export function smugglingAttack(chance: Chance, world: World): Attack {
  const body = `0\r\n\r\n${hidden(world)}`;
  const target = chance.pick([`/v2/${world.repository}/blobs/uploads/`, "/", "/v2/", "/_ecrkit/health"]);
  const method = chance.pick(["POST", "GET", "PUT"]);
  const endings = chance.pick(ENDINGS)(Buffer.byteLength(body));
  const headers = [world.login, ...endings, "Connection: keep-alive"];
  return {
    name: `smuggling by ${JSON.stringify(endings)}`,
    writes: [rawRequest({ method, target, headers, body })],
    methods: [method],
    ending: "cut",
  };
}

const CHUNKS: readonly string[] = [
  "5\r\nhello\r\n0\r\n\r\n",
  "5\r\nhel",
  "5\r\nhello",
  "5\r\nhello\r\n",
  "5\r\nhello\r\n0\r\n",
  "5\r\nhelloX\r\n0\r\n\r\n",
  "5\nhello\n0\n\n",
  "5;ext=1\r\nhello\r\n0\r\n\r\n",
  `5;${"e".repeat(30_000)}\r\nhello\r\n0\r\n\r\n`,
  "-5\r\nhello\r\n0\r\n\r\n",
  "0x5\r\nhello\r\n0\r\n\r\n",
  " 5\r\nhello\r\n0\r\n\r\n",
  "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
  "7FFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
  "ffffffff\r\nhello\r\n",
  "\r\n\r\n",
  "zz\r\nhello\r\n0\r\n\r\n",
  "0\r\nTrailer: x\r\n\r\n",
  `0\r\n${"T: x\r\n".repeat(5_000)}\r\n`,
  "0\r\nContent-Length: 3\r\n\r\n",
  "1\r\na\r\n".repeat(3_000),
];

/** A body that does not come as it was announced. */
export function bodyAttack(chance: Chance, world: World): Attack {
  const digest = digestOf("hello");
  const target = chance.pick([
    `/v2/${world.repository}/blobs/uploads/`,
    `/v2/${world.repository}/blobs/uploads/?digest=${digest}`,
    `/v2/${world.repository}/blobs/uploads/${world.uploadId}`,
    `/v2/${world.repository}/manifests/odd`,
    "/",
    "/_ecrkit/seed",
  ]);
  const method = target.includes("uploads/?") || target.endsWith("uploads/") ? "POST" : chance.pick(["PUT", "PATCH"]);
  const login = target.startsWith("/v2/") ? [world.login] : [world.signature];
  if (chance.in(0.5)) {
    const headers = [...login, "Transfer-Encoding: chunked"];
    return torn(chance, method, rawRequest({ method, target, headers, body: chance.pick(CHUNKS) }));
  }
  const lengths = [0, 1, 4, 5, 6, 1_000, 5_000_000, 33_554_432, 2 ** 31, 2 ** 53, 10 ** 18];
  const headers = [...login, `Content-Length: ${chance.pick(lengths)}`];
  if (chance.in(0.3)) headers.push("Expect: 100-continue");
  if (chance.in(0.3))
    headers.push(`Content-Range: ${chance.pick(["0-4", "0-", "4-0", "bytes 0-4/5", "5-9", "x", "-1--2"])}`);
  return torn(
    chance,
    method,
    rawRequest({ method, target, headers, body: chance.pick(["", "hello", "hello".repeat(9)]) }),
  );
}

/** The request in up to four pieces, and an end in the middle of things. What follows a body may be read as another request, a bad one. */
function torn(chance: Chance, method: string, bytes: Buffer): Attack {
  const writes: Buffer[] = [];
  let from = 0;
  for (let pieces = chance.below(4); pieces > 0 && from < bytes.length; pieces--) {
    const to = from + 1 + chance.below(bytes.length - from);
    writes.push(bytes.subarray(from, to));
    from = to;
  }
  if (chance.in(0.7)) writes.push(bytes.subarray(from));
  return { name: "body", writes, methods: [method, "GET"], ending: chance.in(0.2) ? "reset" : "cut" };
}
