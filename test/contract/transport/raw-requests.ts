import { createHash } from "node:crypto";
import type { RawRequest } from "./doors.js";
import { jsonCall, SIGNED } from "./doors.js";

/** One exchange of the table: what is asked, and what must come back. */
export interface RawExchange {
  readonly name: string;
  readonly ask: RawRequest;
  /** How the request logs in. @default "token" */
  readonly login?: "token" | "none";
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  /** The exact body, what it has in it, or the error code in the envelope that it must be. */
  readonly body?: string | RegExp | { readonly code: string; readonly message?: string };
}

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

export const LAYER: string = "the bytes of a layer, all of them";
export const CONFIG: string = JSON.stringify({ architecture: "amd64", os: "linux" });
const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const descriptor = (mediaType: string, text: string): object => ({
  mediaType,
  digest: sha256(text),
  size: text.length,
});
export const MANIFEST: string = JSON.stringify({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: descriptor("application/vnd.oci.image.config.v1+json", CONFIG),
  layers: [descriptor("application/vnd.oci.image.layer.v1.tar", LAYER)],
});
const SIGNATURE = JSON.stringify({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  artifactType: "application/vnd.example.signature+json",
  config: descriptor("application/vnd.oci.empty.v1+json", CONFIG),
  layers: [descriptor("application/vnd.oci.image.layer.v1.tar", LAYER)],
  subject: descriptor(OCI_MANIFEST, MANIFEST),
});
const layer = sha256(LAYER);
const config = sha256(CONFIG);
const manifest = sha256(MANIFEST);
const signature = sha256(SIGNATURE);
const ABSENT = sha256("absent");

const get = (target: string, headers: Record<string, string> = {}): RawRequest => ({ method: "GET", target, headers });
const send = (method: string, target: string, body?: string, headers: Record<string, string> = {}): RawRequest => ({
  method,
  target,
  headers,
  ...(body === undefined ? {} : { body }),
});
const V2 = "/v2/team/app";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
/** The two quotes that end ECR's text are one. */
const BAD_NAME = {
  code: "UNSUPPORTED",
  message:
    "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*'",
};

/** The data plane, in the order in which it is asked: a push, a pull, and what is refused on the way. */
export const DATA_PLANE: readonly RawExchange[] = [
  // Login
  {
    name: "no login is challenged",
    ask: get("/v2/"),
    login: "none",
    status: 401,
    headers: {
      "www-authenticate": 'Basic realm="http://123456789012.dkr.ecr.eu-west-1.localhost/",service="ecr.amazonaws.com"',
      "docker-distribution-api-version": "registry/2.0",
      "content-type": "text/plain; charset=utf-8",
    },
    body: "Not Authorized\n",
  },
  {
    name: "a wrong password is challenged",
    ask: get("/v2/", { authorization: `Basic ${Buffer.from("AWS:wrong").toString("base64")}` }),
    login: "none",
    status: 401,
    body: "Not Authorized\n",
  },
  {
    name: "another user with a right password does not exist",
    ask: get("/v2/", { authorization: `Basic ${Buffer.from("root:").toString("base64")}` }),
    login: "none",
    status: 401,
  },
  { name: "Bearer is not taken", ask: get("/v2/", { authorization: "Bearer abc" }), login: "none", status: 401 },
  {
    name: "a token of one region is no login in another",
    ask: get("/v2/", { host: "123456789012.dkr.ecr.us-east-1.localhost" }),
    status: 401,
  },
  {
    name: "a route that does not exist needs a login too",
    ask: get("/v2/team/app/nothing"),
    login: "none",
    status: 401,
  },
  { name: "a login is welcome", ask: get("/v2/"), status: 200 },
  { name: "a login is welcome at HEAD", ask: send("HEAD", "/v2/"), status: 200, body: "" },
  // Uploads
  {
    name: "an upload to an unknown repository is refused",
    ask: send("POST", "/v2/team/other/blobs/uploads/"),
    status: 404,
    body: {
      code: "NAME_UNKNOWN",
      message: "The repository with name 'team/other' does not exist in the registry with id '123456789012'",
    },
  },
  {
    name: "an upload session is opened",
    ask: send("POST", `${V2}/blobs/uploads/`),
    status: 202,
    headers: { location: /^\/v2\/team\/app\/blobs\/uploads\/UUID$/, "docker-upload-uuid": "UUID", range: "0-0" },
    body: "",
  },
  {
    name: "a mount is an upload session, for blob mounting is off",
    ask: send("POST", `${V2}/blobs/uploads/?mount=${layer}&from=team/other`),
    status: 202,
  },
  {
    name: "a blob is pushed in one request",
    ask: send("POST", `${V2}/blobs/uploads/?digest=${layer}`, LAYER),
    status: 201,
    headers: { location: `${V2}/blobs/${layer}`, "docker-content-digest": layer },
    body: "",
  },
  {
    name: "a blob that is there already is pushed again",
    ask: send("POST", `${V2}/blobs/uploads/?digest=${layer}`, LAYER),
    status: 201,
  },
  {
    name: "a blob with another digest is refused",
    ask: send("POST", `${V2}/blobs/uploads/?digest=${ABSENT}`, LAYER),
    status: 400,
    body: { code: "DIGEST_INVALID" },
  },
  {
    name: "the config is pushed",
    ask: send("POST", `${V2}/blobs/uploads/?digest=${config.replace(":", "%3A")}`, CONFIG),
    status: 201,
  },
  {
    name: "an unknown upload is not found",
    ask: send("PATCH", `${V2}/blobs/uploads/00000000-0000-4000-8000-000000000000`, "x"),
    status: 404,
    body: { code: "BLOB_UPLOAD_UNKNOWN" },
  },
  {
    name: "an upload is not completed without a digest",
    ask: send("PUT", `${V2}/blobs/uploads/00000000-0000-4000-8000-000000000000`),
    status: 405,
    body: {
      code: "UNSUPPORTED",
      message: "Invalid parameter at 'digest' failed to satisfy constraint: 'Member must not be null'",
    },
  },
  // Manifests
  {
    name: "a manifest whose layers are missing is refused",
    ask: send("PUT", `${V2}/manifests/v0`, MANIFEST.replaceAll(layer, ABSENT), { "content-type": OCI_MANIFEST }),
    status: 400,
    body: {
      code: "MANIFEST_BLOB_UNKNOWN",
      message: `Layers with digests '[${ABSENT}]' required for pushing image into repository with name 'team/app' in the registry with id '123456789012' do not exist`,
    },
  },
  {
    name: "a manifest is pushed by tag",
    ask: send("PUT", `${V2}/manifests/v1`, MANIFEST, { "content-type": OCI_MANIFEST }),
    status: 201,
    headers: { location: `${V2}/manifests/${manifest}`, "docker-content-digest": manifest },
    body: "",
  },
  {
    name: "the same manifest is pushed again",
    ask: send("PUT", `${V2}/manifests/v1`, MANIFEST, { "content-type": `${OCI_MANIFEST}; charset=utf-8` }),
    status: 201,
  },
  {
    name: "a referrer is pushed by digest and its subject named",
    ask: send("PUT", `${V2}/manifests/${signature}`, SIGNATURE, { "content-type": OCI_MANIFEST }),
    status: 201,
    headers: { "oci-subject": manifest },
  },
  {
    name: "a manifest under another digest is refused",
    ask: send("PUT", `${V2}/manifests/${ABSENT}`, MANIFEST, { "content-type": OCI_MANIFEST }),
    status: 400,
    body: { code: "DIGEST_INVALID" },
  },
  {
    name: "an index whose children are missing is refused",
    ask: send(
      "PUT",
      `${V2}/manifests/index`,
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [descriptor(OCI_MANIFEST, "absent")] }),
      { "content-type": OCI_INDEX },
    ),
    status: 404,
    body: { code: "MANIFEST_BLOB_UNKNOWN" },
  },
  {
    name: "a manifest that is no JSON is unsupported",
    ask: send("PUT", `${V2}/manifests/v2`, MANIFEST.slice(0, -1), { "content-type": OCI_MANIFEST }),
    status: 405,
    body: {
      code: "UNSUPPORTED",
      message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    },
  },
  {
    name: "a manifest of more than 4 MiB is refused",
    ask: send("PUT", `${V2}/manifests/v2`, " ".repeat(4_194_305), { "content-type": OCI_MANIFEST }),
    status: 413,
    body: { code: "SIZE_INVALID", message: "A manifest has at most 4194304 bytes" },
  },
  {
    name: "a manifest is pulled by tag, byte for byte",
    ask: get(`${V2}/manifests/v1`),
    status: 200,
    headers: {
      "content-type": OCI_MANIFEST,
      "docker-content-digest": manifest,
      "content-length": String(MANIFEST.length),
      etag: `"${manifest}"`,
    },
    body: MANIFEST,
  },
  {
    name: "a manifest is pulled by digest, its colon escaped",
    ask: get(`${V2}/manifests/${manifest.replace(":", "%3a")}`),
    status: 200,
    body: MANIFEST,
  },
  {
    name: "a manifest is pulled by a client that takes its type",
    ask: get(`${V2}/manifests/v1`, { accept: `text/plain, ${OCI_MANIFEST};q=0.5` }),
    status: 200,
  },
  {
    name: "a manifest is not there for a client that takes other types",
    ask: get(`${V2}/manifests/v1`, { accept: OCI_INDEX }),
    status: 404,
    body: { code: "MANIFEST_UNKNOWN", message: "Requested image not found" },
  },
  {
    name: "HEAD of a manifest has its length and no body",
    ask: send("HEAD", `${V2}/manifests/v1`),
    status: 200,
    headers: { "content-length": String(MANIFEST.length), "docker-content-digest": manifest },
    body: "",
  },
  {
    name: "a manifest that the client has is not sent again",
    ask: get(`${V2}/manifests/v1`, { "if-none-match": `"${manifest}"` }),
    status: 304,
    body: "",
  },
  {
    name: "an unknown tag is not found",
    ask: get(`${V2}/manifests/v9`),
    status: 404,
    body: { code: "MANIFEST_UNKNOWN", message: "Requested image not found" },
  },
  { name: "HEAD of an unknown tag is not found", ask: send("HEAD", `${V2}/manifests/v9`), status: 404, body: "" },
  // Blobs
  { name: "a blob is pulled", ask: get(`${V2}/blobs/${layer}`), status: 200, body: LAYER },
  {
    name: "HEAD of a blob has its length",
    ask: send("HEAD", `${V2}/blobs/${layer}`),
    status: 200,
    headers: { "content-length": String(LAYER.length), "accept-ranges": "bytes" },
    body: "",
  },
  {
    name: "a range of a blob is pulled",
    ask: get(`${V2}/blobs/${layer}`, { range: "bytes=4-8" }),
    status: 206,
    headers: { "content-range": `bytes 4-8/${LAYER.length}`, "content-length": "5" },
    body: "bytes",
  },
  {
    name: "the end of a blob is pulled",
    ask: get(`${V2}/blobs/${layer}`, { range: "bytes=-4" }),
    status: 206,
    body: "them",
  },
  {
    name: "a range behind the end is not satisfiable",
    ask: get(`${V2}/blobs/${layer}`, { range: "bytes=99-" }),
    status: 416,
    headers: { "content-range": `bytes */${LAYER.length}` },
    body: "",
  },
  {
    name: "an unknown blob is not found",
    ask: get(`${V2}/blobs/${ABSENT}`),
    status: 404,
    body: {
      code: "BLOB_UNKNOWN",
      message: `The layer with digest ${ABSENT} does not exist within the repository with name 'team/app' in the registry with id '123456789012'`,
    },
  },
  {
    name: "a blob is not deleted",
    ask: send("DELETE", `${V2}/blobs/${layer}`),
    status: 405,
    headers: { allow: "GET, HEAD" },
    body: { code: "UNSUPPORTED", message: "DELETE is not supported here" },
  },
  {
    name: "a layer URL that is not signed is refused",
    ask: get(`/_layers/${layer}?Expires=9999999999&X-Amz-Signature=00`),
    login: "none",
    status: 403,
  },
  // Listings
  {
    name: "tags are listed as text",
    ask: get(`${V2}/tags/list`),
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: '{"name":"team/app","tags":["v1"]}',
  },
  {
    name: "more than 1000 tags a page are unsupported",
    ask: get(`${V2}/tags/list?n=1001`),
    status: 405,
    body: {
      code: "UNSUPPORTED",
      message:
        "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'",
    },
  },
  {
    name: "no tags a page are unsupported",
    ask: get(`${V2}/tags/list?n=0`),
    status: 405,
    body: { code: "UNSUPPORTED" },
  },
  {
    name: "a page size that is no number is unsupported",
    ask: get(`${V2}/tags/list?n=many`),
    status: 405,
    body: { code: "UNSUPPORTED" },
  },
  {
    name: "a made-up page token is unsupported",
    ask: get(`${V2}/tags/list?last=v1`),
    status: 405,
    body: { code: "UNSUPPORTED" },
  },
  { name: "repositories are listed", ask: get("/v2/_catalog"), status: 200, body: '{"repositories":["team/app"]}' },
  {
    name: "another account's registry is another registry, and closed until a policy there opens it",
    ask: get("/v2/_catalog", { host: "000000000000.dkr.ecr.eu-west-1.localhost" }),
    status: 403,
    body: '{"errors":[{"code":"DENIED","message":"User: arn:aws:iam::123456789012:root is not authorized to perform: ecr:DescribeRepositories on resource: arn:aws:ecr:eu-west-1:000000000000:repository/* because no resource-based policy allows the ecr:DescribeRepositories action"}]}',
  },
  {
    name: "a registry is also found under the name of real ECR",
    ask: get("/v2/_catalog", { host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com" }),
    status: 200,
    body: '{"repositories":["team/app"]}',
  },
  {
    name: "on a plain host the token chooses the registry",
    ask: get("/v2/_catalog", { host: "localhost:4580" }),
    status: 200,
    body: '{"repositories":["team/app"]}',
  },
  {
    name: "referrers are an index",
    ask: get(`${V2}/referrers/${manifest}`),
    status: 200,
    headers: { "content-type": OCI_INDEX },
    body: JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: OCI_MANIFEST,
          digest: signature,
          size: SIGNATURE.length,
          artifactType: "application/vnd.example.signature+json",
        },
      ],
    }),
  },
  {
    name: "referrers are filtered by type, whose plus sign is a plus sign",
    ask: get(`${V2}/referrers/${manifest}?artifactType=application/vnd.example.signature+json`),
    status: 200,
    headers: { "oci-filters-applied": "artifactType", "content-length": /^[1-9]\d\d$/ },
  },
  {
    name: "an image nobody refers to has no referrers",
    ask: get(`${V2}/referrers/${ABSENT}`),
    status: 200,
    body: JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }),
  },
  // Paths
  { name: "an upper-case name is refused", ask: get("/v2/Team/tags/list"), status: 405, body: BAD_NAME },
  { name: "an escaped slash is no slash", ask: get("/v2/team%2Fapp/tags/list"), status: 405, body: BAD_NAME },
  { name: "a dot segment goes nowhere", ask: get("/v2/team/../app/tags/list"), status: 405, body: BAD_NAME },
  { name: "an escaped dot segment goes nowhere", ask: get("/v2/%2e%2e/app/tags/list"), status: 405, body: BAD_NAME },
  { name: "an escaped NUL is refused", ask: get("/v2/team/app%00/tags/list"), status: 405, body: BAD_NAME },
  { name: "an empty component is refused", ask: get("/v2/team//app/tags/list"), status: 405, body: BAD_NAME },
  { name: "a path that is none is not found", ask: get("/v2/team/app/nothing"), status: 404 },
  {
    name: "a method that a route does not have is not allowed",
    ask: send("POST", `${V2}/manifests/v1`, "{}"),
    status: 405,
    headers: { allow: "GET, HEAD, PUT, DELETE" },
  },
  // Deletion
  { name: "a manifest is deleted by tag", ask: send("DELETE", `${V2}/manifests/v1`), status: 202, body: "" },
  {
    name: "a manifest is deleted once",
    ask: send("DELETE", `${V2}/manifests/v1`),
    status: 404,
    body: { code: "MANIFEST_UNKNOWN" },
  },
];

const json = (type: string, message: string): string => JSON.stringify({ __type: type, message });

/** The control plane's front ends, what comes before any operation. */
export const CONTROL_PLANE: readonly RawExchange[] = [
  {
    name: "an operation is answered",
    ask: jsonCall("DescribeRepositories", { repositoryNames: ["team/app"] }),
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "UUID" },
  },
  {
    name: "a refusal names its error in body and header",
    ask: jsonCall("DescribeRepositories", { repositoryNames: ["nope"] }),
    status: 400,
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-errortype": "RepositoryNotFoundException",
      "x-amzn-requestid": "UUID",
    },
    body: json(
      "RepositoryNotFoundException",
      "The repository with name 'nope' does not exist in the registry with id '123456789012'",
    ),
  },
  { name: "header names have no case", ask: jsonCall("ListImages", {}, { "X-AMZ-ignored": "1" }), status: 400 },
  {
    name: "truncated JSON is refused",
    ask: jsonCall("ListImages", '{"repositoryName": "team'),
    status: 400,
    headers: { "x-amzn-errortype": "SerializationException" },
  },
  {
    name: "a member of the wrong type is refused",
    ask: jsonCall("ListImages", { repositoryName: 7 }),
    status: 400,
    headers: { "x-amzn-errortype": "SerializationException" },
  },
  {
    name: "an input that is no object is refused",
    ask: jsonCall("ListImages", "[]"),
    status: 400,
    headers: { "x-amzn-errortype": "SerializationException" },
  },
  {
    name: "an unknown operation is refused",
    ask: jsonCall("describeRepositories", {}),
    status: 400,
    body: json("UnknownOperationException", ""),
  },
  {
    name: "a target of another service is refused",
    ask: { ...jsonCall("X", {}), headers: { ...jsonCall("X", {}).headers, "x-amz-target": "DynamoDB_20120810.X" } },
    status: 400,
    body: json("UnknownOperationException", ""),
  },
  {
    name: "a call that is not signed is refused",
    ask: {
      ...jsonCall("ListImages", {}),
      headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.ListImages" },
    },
    status: 400,
    body: json("MissingAuthenticationTokenException", "Missing Authentication Token"),
  },
  {
    name: "a signature that is none is refused",
    ask: jsonCall("ListImages", {}, { authorization: "Basic QVdTOnNlY3JldA==" }),
    status: 400,
    headers: { "x-amzn-errortype": "IncompleteSignature" },
  },
  {
    name: "a region that is none is refused",
    ask: jsonCall(
      "ListImages",
      {},
      {
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu west/ecr/aws4_request, SignedHeaders=host, Signature=00",
      },
    ),
    status: 400,
    body: json("InvalidSignatureException", "Credential should be scoped to a valid Region, not 'eu west'. "),
  },
  {
    name: "a call of more than 32 MiB is refused",
    ask: jsonCall("ListImages", " ".repeat(32 * 1024 * 1024 + 1)),
    status: 413,
    headers: { "x-amzn-errortype": "RequestEntityTooLarge" },
  },
  {
    name: "STS says who the caller is",
    ask: send("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", { ...FORM, ...SIGNED }),
    status: 200,
    headers: { "content-type": "text/xml", "x-amzn-requestid": "UUID" },
    body: /<Account>123456789012<\/Account>/,
  },
  {
    name: "STS refuses a call that is not signed, in its own way",
    ask: send("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", FORM),
    login: "none",
    status: 403,
    body: /<Code>MissingAuthenticationToken<\/Code>/,
  },
  { name: "there is nothing else at the root", ask: get("/"), login: "none", status: 404 },
  { name: "there is nothing else beside it", ask: get("/favicon.ico"), login: "none", status: 404 },
  {
    name: "the local ECR is well",
    ask: get("/_ecrkit/health"),
    login: "none",
    status: 200,
    body: '{"status":"ok","version":"0.0.0-source","uptimeMs":0}',
  },
  {
    name: "a browser is not told",
    ask: get("/_ecrkit/health", { origin: "http://evil.example" }),
    login: "none",
    status: 403,
  },
  { name: "there is no other admin route", ask: get("/_ecrkit/nothing"), login: "none", status: 404 },
];
