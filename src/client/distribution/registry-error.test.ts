import { describe, expect, it } from "vitest";
import { type About, fromRegistryAnswer } from "./registry-error.js";

const call = { operation: "BatchGetImage", subject: "image app:v1", region: "eu-west-1", attempts: 1 };

const errorOf = (status: number, body: unknown, about: About = "manifest", headers: Record<string, string> = {}) =>
  fromRegistryAnswer(
    { statusCode: status, headers, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) },
    about,
    call,
    Date.UTC(2026, 0, 1),
  );

const named = (code: string, message = "") => ({ errors: [{ code, message }] });

describe("an error of a registry", () => {
  it.each([
    [404, "NAME_UNKNOWN", "", "manifest", "RepositoryNotFound", "terminal"],
    [404, "MANIFEST_UNKNOWN", "", "manifest", "ImageNotFound", "terminal"],
    [404, "BLOB_UNKNOWN", "", "blob", "LayersNotFound", "terminal"],
    [400, "MANIFEST_BLOB_UNKNOWN", "", "manifest", "LayersNotFound", "terminal"],
    [404, "MANIFEST_BLOB_UNKNOWN", "", "index", "ReferencedImagesNotFound", "terminal"],
    [
      404,
      "MANIFEST_BLOB_UNKNOWN",
      "Images with digests '[x]' required",
      "manifest",
      "ReferencedImagesNotFound",
      "terminal",
    ],
    [400, "TAG_INVALID", "The image tag 'v1' already exists in the", "manifest", "ImageTagAlreadyExists", "terminal"],
    [400, "TAG_INVALID", "bad tag", "manifest", "InvalidParameter", "terminal"],
    [400, "DIGEST_INVALID", "", "upload", "InvalidLayer", "terminal"],
    [400, "DIGEST_INVALID", "", "manifest", "ImageDigestMismatch", "terminal"],
    [416, "BLOB_UPLOAD_INVALID", "", "upload", "InvalidLayerPart", "terminal"],
    [404, "BLOB_UPLOAD_UNKNOWN", "", "upload", "UploadNotFound", "terminal"],
    [400, "MANIFEST_INVALID", "", "manifest", "InvalidParameter", "terminal"],
    [400, "NAME_INVALID", "", "manifest", "InvalidParameter", "terminal"],
    [413, "SIZE_INVALID", "", "manifest", "LimitExceeded", "terminal"],
    [405, "UNSUPPORTED", "Invalid parameter at 'ImageManifest'", "manifest", "InvalidParameter", "terminal"],
    [405, "UNSUPPORTED", "DELETE is not supported here", "blob", "UnknownOperation", "terminal"],
    [401, "UNAUTHORIZED", "", "manifest", "InvalidCredentials", "credential"],
    [403, "DENIED", "User: x is not authorized to perform: ecr:PutImage", "manifest", "AccessDenied", "credential"],
    [403, "DENIED", "Your authorization token has expired. Reauthenticate", "manifest", "ExpiredToken", "credential"],
    [400, "DENIED", "Your Authorization Token is invalid.", "manifest", "InvalidCredentials", "credential"],
    [403, "DENIED", "The maximum number of images is reached", "manifest", "LimitExceeded", "terminal"],
    [429, "TOOMANYREQUESTS", "Rate exceeded", "manifest", "Throttled", "retryable"],
    [429, "TOOMANYREQUESTS", "Data limit exceeded", "manifest", "LimitExceeded", "terminal"],
    [500, "UNKNOWN", "", "manifest", "ServiceUnavailable", "retryable"],
    [418, "TEAPOT", "", "manifest", "Service", "terminal"],
  ] as const)("%i %s %j about a %s is %s", (status, code, message, about, kind, category) => {
    expect(errorOf(status, named(code, message), about)).toMatchObject({
      kind,
      category,
      operation: "BatchGetImage",
      region: "eu-west-1",
      service: { code, message, status, members: {} },
    });
  });

  it.each([
    [401, "manifest", "InvalidCredentials"],
    [403, "blob", "AccessDenied"],
    [404, "manifest", "ImageNotFound"],
    [404, "blob", "LayersNotFound"],
    [404, "upload", "UploadNotFound"],
    [416, "upload", "InvalidLayerPart"],
    [429, "manifest", "Throttled"],
    [502, "manifest", "ServiceUnavailable"],
  ] as const)("%i without a readable body about a %s is %s, and shows nothing of the body", (status, about, kind) => {
    for (const body of ["", "<html>secret</html>", "null", "[]", '{"errors":[null]}', '{"errors":[{"code":7}]}']) {
      const error = errorOf(status, body, about);
      expect(error).toMatchObject({ kind, service: { code: "", message: "", status } });
      expect(error.message).toContain(`BatchGetImage on image app:v1 in eu-west-1 failed: status ${status}.`);
    }
  });

  it("keeps what the registry adds: detail, request id, and how long to wait", () => {
    const body = { errors: [{ code: "DENIED", message: "no", detail: { action: "pull" } }] };
    expect(errorOf(403, body, "manifest", { "x-amzn-requestid": "r1", "retry-after": "7" })).toMatchObject({
      requestId: "r1",
      retryAfterMs: 7_000,
      service: { members: { detail: { action: "pull" } } },
      message: expect.stringMatching(
        /^BatchGetImage on image app:v1 in eu-west-1 failed: no \(DENIED\)\. Check the IAM/,
      ),
    });
  });
});
