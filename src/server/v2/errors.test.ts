import { describe, expect, it } from "vitest";
import { ecrOperations } from "../../protocol/ecr/operations.js";
import { ServiceError } from "../../protocol/service-error.js";
import { errorAnswer } from "./errors.js";
import { QUIRKS } from "./quirks.js";
import type { Route } from "./routes.js";

const told = (code: string, route: Route["kind"], profile: "ecr" | "oci" = "ecr"): string => {
  const { statusCode, body } = errorAnswer(new ServiceError(code, "why"), route, QUIRKS[profile]);
  const [error] = JSON.parse(Buffer.from(body as Uint8Array).toString()).errors;
  expect(error.message).toBe("why");
  return `${statusCode} ${error.code}`;
};

describe("an error of the API on the data plane", () => {
  it.each([
    ["RepositoryNotFoundException", "tags", "404 NAME_UNKNOWN"],
    ["ImageNotFoundException", "manifest", "404 MANIFEST_UNKNOWN"],
    ["LayersNotFoundException", "blob", "404 BLOB_UNKNOWN"],
    ["LayersNotFoundException", "manifest", "400 MANIFEST_BLOB_UNKNOWN"],
    ["ReferencedImagesNotFoundException", "manifest", "404 MANIFEST_BLOB_UNKNOWN"],
    ["ImageTagAlreadyExistsException", "manifest", "400 TAG_INVALID"],
    ["InvalidLayerException", "upload", "400 DIGEST_INVALID"],
    ["InvalidLayerPartException", "upload", "416 BLOB_UPLOAD_INVALID"],
    ["UploadNotFoundException", "upload", "404 BLOB_UPLOAD_UNKNOWN"],
    ["AccessDeniedException", "manifest", "403 DENIED"],
    ["LimitExceededException", "manifest", "403 DENIED"],
    ["ThrottlingException", "manifest", "429 TOOMANYREQUESTS"],
    ["ServerException", "manifest", "500 UNKNOWN"],
  ] as const)("%s on %s is %s", (code, route, expected) => {
    expect(told(code, route)).toBe(expected);
    expect(told(code, route, "oci")).toBe(expected);
  });

  it.each([
    ["manifest", "400 MANIFEST_INVALID"],
    ["blob", "400 DIGEST_INVALID"],
    ["tags", "400 NAME_INVALID"],
  ] as const)("InvalidParameterException on %s is 405 UNSUPPORTED, and %s in the profile of OCI", (route, expected) => {
    expect(told("InvalidParameterException", route)).toBe("405 UNSUPPORTED");
    expect(told("InvalidParameterException", route, "oci")).toBe(expected);
  });

  it("is never a success, whichever it is", () => {
    const codes = new Set(Object.values(ecrOperations).flatMap(({ errors }) => errors));
    for (const code of [...codes, "constructor"])
      expect(Number(told(code, "manifest").slice(0, 3))).toBeGreaterThan(399);
  });
});
