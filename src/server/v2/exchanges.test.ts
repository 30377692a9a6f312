import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Door,
  HOST,
  inProcess,
  jsonCall,
  login,
  onSocket,
  type RawAnswer,
} from "../../../test/contract/transport/doors.js";

/** One exchange on `/v2/`: what is asked, and what comes back in either profile, or in each. */
interface Exchange {
  readonly name: string;
  /** Method and target. `{upload}` and `{next}` are where an earlier answer led. */
  readonly ask: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly answer: Expected | { readonly ecr: Expected; readonly oci: Expected };
}

interface Expected {
  readonly status: number;
  /** Headers that the answer has; null where it must not. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The exact body, or the error code in the envelope that it is. */
  readonly body?: string | { readonly code: string };
}

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const BLOB = "0123456789";
const EMPTY = "{}";
const [blob, empty, absent] = [BLOB, EMPTY, "absent"].map(sha256) as [string, string, string];
const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const described = (mediaType: string, text: string): object => ({ mediaType, digest: sha256(text), size: text.length });
const image = (rest: object): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: described("application/vnd.oci.empty.v1+json", EMPTY),
    layers: [described("application/vnd.oci.image.layer.v1.tar", BLOB)],
    ...rest,
  });
const IMAGE = image({});
const SBOM = image({ artifactType: "application/spdx+json", subject: described(OCI_MANIFEST, IMAGE) });
const INDEX = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [described(OCI_MANIFEST, IMAGE)] });
const [imageDigest, sbomDigest, indexDigest] = [IMAGE, SBOM, INDEX].map(sha256) as [string, string, string];

const UNSUPPORTED = { status: 405, body: { code: "UNSUPPORTED" } };
const invalid = (code: string): Exchange["answer"] => ({ ecr: UNSUPPORTED, oci: { status: 400, body: { code } } });
const put = (name: string, ask: string, body: string, answer: Exchange["answer"], type = OCI_MANIFEST): Exchange => ({
  name,
  ask: `PUT /v2/app/manifests/${ask}`,
  body,
  headers: { "content-type": type },
  answer,
});
const range = (name: string, asked: string, answer: Expected, more: Record<string, string> = {}): Exchange => ({
  name,
  ask: `GET /v2/app/blobs/${blob}`,
  headers: { range: asked, ...more },
  answer,
});
const ofTen = (first: number, last: number): Expected => ({
  status: 206,
  headers: { "content-range": `bytes ${first}-${last}/10`, "content-length": String(last - first + 1) },
  body: BLOB.slice(first, last + 1),
});
const WHOLE: Expected = { status: 200, headers: { "content-range": null, "content-length": "10" }, body: BLOB };
const UNSATISFIABLE: Expected = { status: 416, headers: { "content-range": "bytes */10" }, body: "" };
const CHUNK_STORED = (held: string): Exchange["answer"] => ({
  ecr: { status: 201, headers: { range: held, location: "/v2/app/blobs/uploads/UUID" }, body: "" },
  oci: { status: 202, headers: { range: held, location: "/v2/app/blobs/uploads/UUID" }, body: "" },
});
const REFUSED_CHUNK: Expected = { status: 416, body: { code: "BLOB_UPLOAD_INVALID" } };
const OPENED: Expected = { status: 202, headers: { range: "0-0", location: "/v2/app/blobs/uploads/UUID" }, body: "" };
const OPEN: Exchange = { name: "a session is opened", ask: "POST /v2/app/blobs/uploads/", answer: OPENED };
const stored = (digest: string, body = ""): Expected => ({
  status: 201,
  headers: { location: `/v2/app/blobs/${digest}`, "docker-content-digest": digest },
  body,
});
const MOUNTED: Exchange["answer"] = { ecr: OPENED, oci: stored(blob) };

const UPLOADS: readonly Exchange[] = [
  OPEN,
  { name: "which has nothing yet", ask: "GET {upload}", answer: { status: 204, headers: { range: "0-0" } } },
  {
    name: "a chunk is stored",
    ask: "PATCH {upload}",
    body: "01234",
    headers: { "content-range": "0-4" },
    answer: CHUNK_STORED("0-4"),
  },
  {
    name: "the same chunk again is out of order",
    ask: "PATCH {upload}",
    body: "01234",
    headers: { "content-range": "0-4" },
    answer: REFUSED_CHUNK,
  },
  {
    name: "a chunk after a gap is out of order",
    ask: "PATCH {upload}",
    body: "789",
    headers: { "content-range": "7-9" },
    answer: REFUSED_CHUNK,
  },
  {
    name: "a chunk with the range of another is refused",
    ask: "PATCH {upload}",
    body: "567",
    headers: { "content-range": "5-9" },
    answer: REFUSED_CHUNK,
  },
  { name: "nothing of these was stored", ask: "GET {upload}", answer: { status: 204, headers: { range: "0-4" } } },
  { name: "a chunk without a range goes on", ask: "PATCH {upload}", body: "567", answer: CHUNK_STORED("0-7") },
  { name: "a digest that is none is refused", ask: "PUT {upload}?digest=sha256:0", answer: invalid("DIGEST_INVALID") },
  {
    name: "a last chunk out of order is refused",
    ask: `PUT {upload}?digest=${blob}`,
    body: "89",
    headers: { "content-range": "9-10" },
    answer: REFUSED_CHUNK,
  },
  {
    name: "the last chunk comes with the digest",
    ask: `PUT {upload}?digest=${blob}`,
    body: "89",
    headers: { "content-range": "8-9" },
    answer: stored(blob),
  },
  { name: "the session is over", ask: "GET {upload}", answer: { status: 404, body: { code: "BLOB_UPLOAD_UNKNOWN" } } },
  {
    name: "a blob comes whole",
    ask: `POST /v2/app/blobs/uploads/?digest=${empty}`,
    body: EMPTY,
    answer: stored(empty),
  },
  OPEN,
  { name: "a session is cancelled", ask: "DELETE {upload}", answer: { status: 204, body: "" } },
  { name: "once", ask: "DELETE {upload}", answer: { status: 404, body: { code: "BLOB_UPLOAD_UNKNOWN" } } },
  OPEN,
  {
    name: "a blob that is another is refused",
    ask: `PUT {upload}?digest=${absent}`,
    body: BLOB,
    answer: { status: 400, body: { code: "DIGEST_INVALID" } },
  },
  { name: "and its session over", ask: "GET {upload}", answer: { status: 404, body: { code: "BLOB_UPLOAD_UNKNOWN" } } },
];

const MOUNTS: readonly Exchange[] = [
  {
    name: "a blob is mounted",
    ask: `POST /v2/base/blobs/uploads/?mount=${blob}&from=app`,
    answer: {
      ecr: { status: 202, headers: { location: "/v2/base/blobs/uploads/UUID" } },
      oci: { status: 201, headers: { location: `/v2/base/blobs/${blob}`, "docker-content-digest": blob } },
    },
  },
  { name: "a blob is mounted from anywhere", ask: `POST /v2/app/blobs/uploads/?mount=${blob}`, answer: MOUNTED },
  { name: "an unknown one is not", ask: `POST /v2/app/blobs/uploads/?mount=${absent}&from=base`, answer: OPENED },
  { name: "nor from nowhere", ask: `POST /v2/app/blobs/uploads/?mount=${blob}&from=../x`, answer: OPENED },
];

const BLOBS: readonly Exchange[] = [
  {
    name: "a blob comes whole",
    ask: `GET /v2/app/blobs/${blob}`,
    answer: { ...WHOLE, headers: { "docker-content-digest": blob, etag: `"${blob}"`, "accept-ranges": "bytes" } },
  },
  range("one range", "bytes=2-4", ofTen(2, 4)),
  range("one byte", "bytes=0-0", ofTen(0, 0)),
  range("a range without an end", "bytes=7-", ofTen(7, 9)),
  range("a range beyond the end", "bytes=7-99", ofTen(7, 9)),
  range("the last bytes", "bytes=-3", ofTen(7, 9)),
  range("more last bytes than there are", "bytes=-99", ofTen(0, 9)),
  range("a range behind the end", "bytes=10-", UNSATISFIABLE),
  range("the last nothing", "bytes=-0", UNSATISFIABLE),
  range("a range that ends before it begins", "bytes=4-2", UNSATISFIABLE),
  range("several ranges come whole", "bytes=0-1,4-5", WHOLE),
  range("a unit that nobody knows comes whole", "lines=0-1", WHOLE),
  range("a range if it is still the same", "bytes=2-4", ofTen(2, 4), { "if-range": `"${blob}"` }),
  range("a range of what was another comes whole", "bytes=2-4", WHOLE, { "if-range": '"other"' }),
  range("a range that the client has", "bytes=2-4", { status: 304, body: "" }, { "if-none-match": `"${blob}"` }),
  {
    name: "a blob that the client has is not sent again",
    ask: `GET /v2/app/blobs/${blob}`,
    headers: { "if-none-match": `"other", W/"${blob}"` },
    answer: { status: 304, headers: { etag: `"${blob}"`, "content-length": null }, body: "" },
  },
  {
    name: "a blob that the client does not have is",
    ask: `GET /v2/app/blobs/${blob}`,
    headers: { "if-none-match": '"other"' },
    answer: WHOLE,
  },
  {
    name: "a digest that is none",
    ask: "GET /v2/app/blobs/sha256:0",
    answer: { status: 404, body: { code: "BLOB_UNKNOWN" } },
  },
];

const MANIFESTS: readonly Exchange[] = [
  put("an image is pushed", "v1", IMAGE, {
    status: 201,
    headers: {
      location: `/v2/app/manifests/${imageDigest}`,
      "docker-content-digest": imageDigest,
      "oci-subject": null,
    },
    body: "",
  }),
  put("a referrer is pushed, its subject named", sbomDigest, SBOM, {
    status: 201,
    headers: { "oci-subject": imageDigest },
  }),
  put(
    "an index is pushed",
    "multi",
    INDEX,
    { status: 201, headers: { "docker-content-digest": indexDigest } },
    OCI_INDEX,
  ),
  put("a tag that is none", ".v", IMAGE, invalid("MANIFEST_INVALID")),
  put("no JSON", "v2", "{", invalid("MANIFEST_INVALID")),
  put("a media type that does not fit", "v2", IMAGE, invalid("MANIFEST_INVALID"), OCI_INDEX),
  {
    name: "a manifest comes as it was pushed",
    ask: "GET /v2/app/manifests/multi",
    answer: {
      status: 200,
      headers: {
        "content-type": OCI_INDEX,
        "docker-content-digest": indexDigest,
        "content-length": String(INDEX.length),
      },
      body: INDEX,
    },
  },
  {
    name: "a manifest that the client has is not sent again",
    ask: "GET /v2/app/manifests/v1",
    headers: { "if-none-match": `"${imageDigest}"` },
    answer: { status: 304, headers: { "docker-content-digest": imageDigest, "content-length": null }, body: "" },
  },
  {
    name: "a tag that has moved since is",
    ask: "GET /v2/app/manifests/v1",
    headers: { "if-none-match": `"${indexDigest}"` },
    answer: { status: 200, body: IMAGE },
  },
];

const REFERRER = { ...described(OCI_MANIFEST, SBOM), artifactType: "application/spdx+json" };
const referrers = (...manifests: readonly object[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
const tagged = (...tags: readonly string[]): string => JSON.stringify({ name: "app", tags });
const LISTINGS: readonly Exchange[] = [
  {
    name: "referrers",
    ask: `GET /v2/app/referrers/${imageDigest}`,
    answer: {
      status: 200,
      headers: { "content-type": OCI_INDEX, "oci-filters-applied": null },
      body: referrers(REFERRER),
    },
  },
  {
    name: "referrers of one type",
    ask: `GET /v2/app/referrers/${imageDigest}?artifactType=application/spdx%2Bjson`,
    answer: { status: 200, headers: { "oci-filters-applied": "artifactType" }, body: referrers(REFERRER) },
  },
  {
    name: "referrers of another type",
    ask: `GET /v2/app/referrers/${imageDigest}?artifactType=text/plain`,
    answer: { status: 200, headers: { "oci-filters-applied": "artifactType" }, body: referrers() },
  },
  { name: "referrers of nothing", ask: `GET /v2/app/referrers/${absent}`, answer: { status: 200, body: referrers() } },
  { name: "referrers of no digest", ask: "GET /v2/app/referrers/v1", answer: invalid("DIGEST_INVALID") },
  {
    name: "a page of tags",
    ask: "GET /v2/app/tags/list?n=1",
    answer: {
      ecr: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: tagged("multi") },
      oci: {
        status: 200,
        headers: {
          "content-type": "application/json",
          link: `<http://${HOST}/v2/app/tags/list?n=1&last=multi>; rel="next"`,
        },
        body: tagged("multi"),
      },
    },
  },
  { name: "the next", ask: "GET {next}", answer: { status: 200, headers: { link: null }, body: tagged("v1") } },
  {
    name: "tags after a name",
    ask: "GET /v2/app/tags/list?last=n",
    answer: { ecr: UNSUPPORTED, oci: { status: 200, body: tagged("v1") } },
  },
  {
    name: "no tags at all",
    ask: "GET /v2/app/tags/list?n=0",
    answer: { ecr: UNSUPPORTED, oci: { status: 200, headers: { link: null }, body: tagged() } },
  },
  {
    name: "a very large page",
    ask: "GET /v2/app/tags/list?n=1001",
    answer: { ecr: UNSUPPORTED, oci: { status: 200, body: tagged("multi", "v1") } },
  },
  { name: "a page of no size", ask: "GET /v2/app/tags/list?n=-1", answer: invalid("NAME_INVALID") },
  {
    name: "a page of repositories",
    ask: "GET /v2/_catalog?n=1",
    answer: { status: 200, body: '{"repositories":["app"]}' },
  },
  {
    name: "the last",
    ask: "GET {next}",
    answer: { status: 200, headers: { link: null }, body: '{"repositories":["base"]}' },
  },
];

const DELETIONS: readonly Exchange[] = [
  { name: "what an index lists stays", ask: `DELETE /v2/app/manifests/${imageDigest}`, answer: UNSUPPORTED },
  { name: "a blob that an image uses stays", ask: `DELETE /v2/app/blobs/${blob}`, answer: UNSUPPORTED },
  { name: "a tag is deleted", ask: "DELETE /v2/app/manifests/multi", answer: { status: 202, body: "" } },
  { name: "once", ask: "DELETE /v2/app/manifests/multi", answer: { status: 404, body: { code: "MANIFEST_UNKNOWN" } } },
  {
    name: "with its image where it was its last",
    ask: `DELETE /v2/app/manifests/${indexDigest}`,
    answer: { ecr: { status: 404, body: { code: "MANIFEST_UNKNOWN" } }, oci: { status: 202, body: "" } },
  },
  ...[imageDigest, sbomDigest].map((digest) => ({
    name: "an image is deleted",
    ask: `DELETE /v2/app/manifests/${digest}`,
    answer: { status: 202, body: "" },
  })),
  {
    name: "a blob is deleted where blobs can be",
    ask: `DELETE /v2/app/blobs/${blob}`,
    answer: { ecr: { ...UNSUPPORTED, headers: { allow: "GET, HEAD" } }, oci: { status: 202, body: "" } },
  },
  {
    name: "and gone then",
    ask: `GET /v2/app/blobs/${blob}`,
    answer: { ecr: WHOLE, oci: { status: 404, body: { code: "BLOB_UNKNOWN" } } },
  },
  {
    name: "a method that a route does not have",
    ask: "POST /v2/app/tags/list",
    answer: { ...UNSUPPORTED, headers: { allow: "GET, HEAD" } },
  },
];

const TABLE: readonly Exchange[] = [...UPLOADS, ...MOUNTS, ...BLOBS, ...MANIFESTS, ...LISTINGS, ...DELETIONS];

/** Answers a table on a fresh local ECR, one request after the other, each with its login. */
async function answersOf(door: Door): Promise<readonly RawAnswer[]> {
  for (const repositoryName of ["app", "base"]) await door.send(jsonCall("CreateRepository", { repositoryName }));
  const token = await login(door);
  const led = { upload: "", next: "" };
  const answers: RawAnswer[] = [];
  for (const { ask, headers = {}, body } of TABLE) {
    const [method = "", target = ""] = ask.split(" ");
    const answer = await door.send({
      method,
      target: target.replace(/\{(upload|next)\}/, (_, name: keyof typeof led) => led[name]),
      headers: { ...token, ...headers },
      ...(body !== undefined && { body }),
    });
    if (answer.headers["docker-upload-uuid"]) led.upload = answer.headers["location"] ?? "";
    led.next = /^<http:\/\/[^/]+([^>]+)>; rel="next"$/.exec(answer.headers["link"] ?? "")?.[1] ?? "";
    answers.push(answer);
  }
  return answers;
}

/** What is drawn by lot: ids of uploads, and the signature in a page's token. */
const masked = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/(?<=last=)[\w-]{43}(?=[\w-])/g, "SIGNATURE");

const comparable = ({ status, headers, body }: RawAnswer): object => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, masked(value)])),
  body: masked(body.toString("latin1")),
});

function check({ status, headers, body }: RawAnswer, expected: Expected): void {
  expect(status, body.toString()).toBe(expected.status);
  expect(headers["docker-distribution-api-version"]).toBe("registry/2.0");
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    expect(headers[name] === undefined ? null : masked(headers[name]), name).toBe(value);
  if (typeof expected.body === "string") expect(body.toString()).toBe(expected.body);
  else if (expected.body) expect(JSON.parse(body.toString())).toMatchObject({ errors: [expected.body] });
}

describe.each(["ecr", "oci"] as const)("profile %s", (profile) => {
  const doors: Door[] = [];
  const answers: (readonly RawAnswer[])[] = [];
  beforeAll(async () => {
    for (const open of [inProcess, onSocket]) doors.push(await open({ profile }));
    for (const door of doors) answers.push(await answersOf(door));
  });
  afterAll(async () => {
    for (const door of doors) await door.close();
  });

  it.each(TABLE.map((exchange, index) => [exchange.name, exchange.ask, exchange.answer, index] as const))(
    "%s: %s",
    (_name, _ask, answer, index) => {
      const [here, there] = answers.map((all) => all[index]) as [RawAnswer, RawAnswer];
      check(here, "ecr" in answer ? answer[profile] : answer);
      expect(comparable(there), "on the socket as in-process, byte for byte").toEqual(comparable(here));
    },
  );
});

/** A repository with an image, over the socket. */
async function served(): Promise<{ door: Door; token: Record<string, string> }> {
  const door = await onSocket({ profile: "oci" });
  await door.send(jsonCall("CreateRepository", { repositoryName: "app" }));
  const token = await login(door);
  for (const [digest, body] of [[blob, BLOB] as const, [empty, EMPTY] as const])
    await door.send({ method: "POST", target: `/v2/app/blobs/uploads/?digest=${digest}`, headers: token, body });
  const headers = { ...token, "content-type": OCI_MANIFEST };
  await door.send({ method: "PUT", target: "/v2/app/manifests/v1", headers, body: IMAGE });
  return { door, token };
}

describe("HEAD", () => {
  it("is answered with the status and the headers of GET, without its body", async () => {
    const { door, token: headers } = await served();
    const paths = [
      "/v2/",
      "/v2/_catalog",
      "/v2/app/tags/list",
      "/v2/app/nothing",
      `/v2/app/referrers/${imageDigest}`,
    ].concat(
      ["v1", imageDigest, "v2"].map((reference) => `/v2/app/manifests/${reference}`),
      [blob, absent].map((digest) => `/v2/app/blobs/${digest}`),
    );
    for (const target of paths) {
      const { body: _, ...get } = await door.send({ method: "GET", target, headers });
      expect(await door.send({ method: "HEAD", target, headers }), target).toEqual({ ...get, body: Buffer.alloc(0) });
    }
    await door.close();
  });
});

describe("pulls that are pipelined", () => {
  it("are answered in the order in which they were asked, each with its own bytes", async () => {
    const { door, token } = await served();
    const targets = Array.from({ length: 40 }, (_, index) =>
      index % 3 === 0 ? "manifests/v1" : `blobs/${index % 3 === 1 ? blob : absent}`,
    );
    const asked = targets.map((target, index) => {
      const last = index === targets.length - 1 ? "connection: close\r\n" : "";
      return `GET /v2/app/${target} HTTP/1.1\r\nhost: ${HOST}\r\nauthorization: ${token["authorization"]}\r\n${last}\r\n`;
    });
    const socket = connect(Number(new URL(door.endpoint).port), "127.0.0.1");
    socket.write(asked.join(""));
    const answered = Buffer.concat(await socket.toArray()).toString();
    const bodies = answered.split(/HTTP\/1\.1 \d+ [\s\S]*?\r\n\r\n/).slice(1);
    const unknown = (await door.send({ method: "GET", target: `/v2/app/blobs/${absent}`, headers: token })).body;
    expect(bodies).toEqual(targets.map((_, index) => [IMAGE, BLOB, unknown.toString()][index % 3]));
    await door.close();
  });
});
