import type { Chance } from "../chance.js";
import { type Attack, rawRequest, whole } from "./attack.js";
import type { World } from "./world.js";

/** Request lines and first bytes of those who speak something else. */
const STRANGERS: readonly (string | Uint8Array)[] = [
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET /v2/\r\n",
  "GET /v2/ HTTP/0.9\r\n\r\n",
  "GET /v2/ HTTP/9.9\r\nHost: a\r\n\r\n",
  "GET /v2/ HTTP/1.1\nHost: localhost\nConnection: close\n\n",
  "GET /v2/ HTTP/1.1\r\rHost: localhost\r\r",
  "get /v2/ http/1.1\r\nhost: localhost\r\n\r\n",
  "\r\n\r\n\r\n\r\nGET /v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  "SSH-2.0-OpenSSH_9.6\r\n",
  "*1\r\n$4\r\nPING\r\n",
  Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  Buffer.alloc(64),
  Buffer.alloc(20_000, 0xff),
  `GET /v2/ HTTP/1.1\r\n${"x: y\r\n".repeat(20_000)}\r\n`,
  `GET /v2/ HTTP/1.1\r\nx: ${"y".repeat(100_000)}\r\n\r\n`,
];

const VALUES: readonly string[] = [
  "",
  " ",
  "\t",
  "\x00",
  "\x01\x02\x7f",
  "\xff\xfe",
  "é🐳",
  '"',
  '", realm="x',
  "<script>alert(1)</script>",
  `\${jndi:ldap://a/b}`,
  "() { :; }; echo x",
  "%0d%0aX-Injected: 1",
  "a\rX-Injected: 1",
  "a\nX-Injected: 1",
  "__proto__",
  "constructor",
  "-1",
  "0",
  "1e400",
  "99999999999999999999",
  "*/*",
  ",".repeat(1_000),
  "a,".repeat(3_000),
  "x".repeat(9_000),
  "bytes=0-0",
  "close, keep-alive, upgrade",
  "gzip, deflate, br",
];

/** Headers that something here reads. */
const READ: readonly string[] = [
  "Host",
  "Accept",
  "Content-Type",
  "Content-Encoding",
  "Content-Range",
  "Range",
  "If-Range",
  "If-None-Match",
  "If-Match",
  "X-Amz-Target",
  "X-Amz-Date",
  "X-Amz-Security-Token",
  "X-Amz-Content-Sha256",
  "Origin",
  "Expect",
  "Upgrade",
  "Connection",
  "Te",
  "Trailer",
  "Cookie",
  "X-Forwarded-Host",
  "X-HTTP-Method-Override",
  "__proto__",
  "constructor",
  "toString",
];

const HOSTS: readonly string[] = [
  "",
  "localhost:",
  "localhost:99999",
  "local host",
  "[::1]",
  "[::1",
  "]:[",
  "a@b:c@d",
  "evil.example",
  '"quoted"',
  "123456789012.dkr.ecr.us-east-1.localhost",
  "123456789012.dkr.ecr.us-east-1.amazonaws.com",
  "123456789012.dkr.ecr...localhost",
  "1.dkr.ecr.__proto__.amazonaws.com",
  "public.ecr.aws",
  "api.ecr.us-east-1.amazonaws.com",
  "é.localhost",
  `${"a.".repeat(3_000)}localhost`,
  "../../etc",
  "localhost, localhost",
];

export function headerAttack(chance: Chance, world: World): Attack {
  if (chance.in(0.15))
    return { name: "stranger", writes: [Buffer.from(chance.pick(STRANGERS))], methods: ["GET"], ending: "cut" };
  const target = chance.pick([
    "/v2/",
    `/v2/${world.repository}/manifests/${world.tag}`,
    `/v2/${world.repository}/blobs/${world.layerDigest}`,
    "/token/",
    "/_ecrkit/health",
    "/",
  ]);
  const method = target === "/" ? "POST" : chance.pick(["GET", "HEAD", "GET"]);
  const headers: string[] = [];
  if (chance.in(0.8)) headers.push(chance.in(0.5) ? world.login : authorization(chance, world));
  if (chance.in(0.3)) headers.push(`Host: ${chance.pick(HOSTS)}`);
  for (let more = chance.below(4); more > 0; more--) headers.push(oneHeader(chance));
  if (chance.in(0.05)) for (let at = 0; at < 3_000; at++) headers.push(`x${at}:`);
  // What the client asks of the connection is part of the attack; without an end it would be waited for.
  if (headers.some((line) => /^connection:/i.test(line)))
    return { name: "header", writes: [rawRequest({ method, target, headers })], methods: [method], ending: "cut" };
  return whole("header", { method, target, headers, ...(method === "POST" ? { body: "{}" } : {}) });
}

const oneHeader = (chance: Chance): string => {
  const name = chance.in(0.9) ? chance.pick(READ) : chance.pick(["", " ", "x y", "é", "a:b", "(", "\x00", "Host "]);
  const value = chance.in(0.2) ? chance.bytes(20).toString("latin1") : chance.pick(VALUES);
  return chance.in(0.03) ? `${name}: a\r\n  ${value}` : `${name}: ${value}`;
};

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString("base64");

function authorization(chance: Chance, world: World): string {
  const token = world.login.slice("Authorization: Basic ".length);
  const password = Buffer.from(token, "base64").toString();
  const value = chance.pick([
    "",
    "Basic",
    "Basic ",
    "Basic =",
    "Basic ====",
    "Basic %%%",
    `Basic ${base64("")}`,
    `Basic ${base64(":")}`,
    `Basic ${base64("AWS")}`,
    `Basic ${base64("AWS:")}`,
    `Basic ${base64("AWS:\0")}`,
    `Basic ${base64(Buffer.from([0xff, 0x3a, 0xfe]))}`,
    `Basic ${base64(`AWS:${base64("{}")}`)}`,
    `Basic ${base64(`AWS:${base64('{"__proto__":{}}')}`)}`,
    `Basic ${base64(`AWS:${"A".repeat(8_000)}`)}`,
    `Basic ${base64(`aws:${password.slice(4)}`)}`,
    `Basic ${base64(`${password.slice(0, -1)}`)}`,
    `Basic ${base64(`AWS:${flipped(chance, password.slice(4))}`)}`,
    `Basic ${token} ${token}`,
    `Bearer ${token}`,
    `bAsIc ${token}`,
    `Negotiate ${token}`,
    `Digest username="AWS", realm="x"`,
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=",
    "AWS4-HMAC-SHA256 Credential=/////, SignedHeaders=, Signature=",
    "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=zz",
    "AWS4-HMAC-SHA256 Credential=__proto__/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/../ecr/aws4_request, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/__proto__/ecr/aws4_request, SignedHeaders=host, Signature=00",
    `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/ecr/aws4_request, SignedHeaders=${"a;".repeat(3_000)}, Signature=00`,
    "AWS4-ECDSA-P256-SHA256 Credential=AKID/20260101/ecr/aws4_request, SignedHeaders=host, Signature=00",
    "AWS3 x",
  ]);
  return `Authorization: ${value}`;
}

/** The text with one character changed. */
function flipped(chance: Chance, text: string): string {
  const at = chance.below(text.length);
  return `${text.slice(0, at)}${chance.pick([..."Ab9-_"])}${text.slice(at + 1)}`;
}
