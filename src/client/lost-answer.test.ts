import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answer, failure, refusal, scripted } from "../../test/fixtures/scripted-transport.js";
import { digestOf } from "../image/digest.js";
import type { HandleOptions, HttpRequest } from "../transport/transport.js";

const lost = failure("ECONNRESET", { syscall: "read" });
const imageManifest = '{"schemaVersion":2}';
const imageDigest = digestOf(imageManifest);
const detail = (digest: string) => ({
  imageDetails: [{ registryId: "123456789012", imageDigest: digest, imageManifestMediaType: "type" }],
});

describe("PutImage whose answer was lost", () => {
  const put = { repositoryName: "app", imageManifest, imageTag: "v1" };

  it.each(["ImageAlreadyExistsException", "ImageTagAlreadyExistsException"])(
    "is a success when the next try is answered %s and the tag names the same digest",
    async (code) => {
      const transport = scripted(lost, refusal(code), answer(detail(imageDigest)));
      expect(await clientOver(transport).ecr.call("PutImage", put)).toEqual({
        image: {
          registryId: "123456789012",
          repositoryName: "app",
          imageId: { imageDigest, imageTag: "v1" },
          imageManifest,
          imageManifestMediaType: "type",
        },
      });
      expect(transport.operations).toEqual(["PutImage", "PutImage", "DescribeImages"]);
      expect(transport.inputs[2]).toEqual({ repositoryName: "app", imageIds: [{ imageTag: "v1" }] });
    },
  );

  it("is a success too when the transport itself sent it a second time", async () => {
    const resent = (_: HttpRequest, { onResend }: HandleOptions) => {
      onResend?.();
      return refusal("ImageAlreadyExistsException");
    };
    const transport = scripted(resent, answer(detail(imageDigest)));
    const { image } = await clientOver(transport).ecr.call("PutImage", put);
    expect([image.imageId, transport.operations]).toEqual([
      { imageDigest, imageTag: "v1" },
      ["PutImage", "DescribeImages"],
    ]);
  });

  it("asks by digest where no tag was put", async () => {
    const transport = scripted(lost, refusal("ImageAlreadyExistsException"), answer(detail(imageDigest)));
    const { image } = await clientOver(transport).ecr.call("PutImage", { repositoryName: "app", imageManifest });
    expect(image.imageId).toEqual({ imageDigest });
    expect(transport.inputs[2]).toMatchObject({ imageIds: [{ imageDigest }] });
  });

  it("stays an error, and ambiguous, when the tag names another image", async () => {
    const other = answer(detail(digestOf("other")));
    const transport = scripted(lost, refusal("ImageTagAlreadyExistsException"), other);
    expect(await rejection(clientOver(transport).ecr.call("PutImage", put))).toMatchObject({
      kind: "ImageTagAlreadyExists",
      ambiguous: true,
    });
  });

  it("stays the first error when nobody may look", async () => {
    const denied = refusal("AccessDeniedException");
    const transport = scripted(lost, refusal("ImageAlreadyExistsException"), denied, denied);
    expect(await rejection(clientOver(transport).ecr.call("PutImage", put))).toMatchObject({
      kind: "ImageAlreadyExists",
      ambiguous: true,
    });
  });

  it("is not taken for granted when nothing was lost", async () => {
    const transport = scripted(refusal("ImageAlreadyExistsException"));
    expect(await rejection(clientOver(transport).ecr.call("PutImage", put))).toMatchObject({
      kind: "ImageAlreadyExists",
      ambiguous: false,
    });
  });

  it("of ECR Public is looked up in ECR Public", async () => {
    const transport = scripted(lost, refusal("ImageAlreadyExistsException"), answer(detail(imageDigest)));
    await clientOver(transport).ecr.call("ecr-public:PutImage", put);
    expect(transport.requests[2]?.headers["x-amz-target"]).toBe("SpencerFrontendService.DescribeImages");
  });
});

describe("CompleteLayerUpload whose answer was lost", () => {
  const layerDigest = digestOf("layer");
  const complete = {
    registryId: "123456789012",
    repositoryName: "app",
    uploadId: "00000000-0000-4000-8000-000000000000",
    layerDigests: [layerDigest],
  };
  const layers = (layerAvailability: string) => answer({ layers: [{ layerDigest, layerAvailability }], failures: [] });

  it.each(["LayerAlreadyExistsException", "UploadNotFoundException"])(
    "is a success when the next try is answered %s and the layer is there",
    async (code) => {
      const { ecr } = clientOver(scripted(lost, refusal(code), layers("AVAILABLE")));
      expect(await ecr.call("CompleteLayerUpload", complete)).toEqual({
        registryId: "123456789012",
        repositoryName: "app",
        uploadId: complete.uploadId,
        layerDigest,
      });
    },
  );

  it("stays an error when the layer is not there", async () => {
    const { ecr } = clientOver(scripted(lost, refusal("UploadNotFoundException"), layers("UNAVAILABLE")));
    expect(await rejection(ecr.call("CompleteLayerUpload", complete))).toMatchObject({
      kind: "UploadNotFound",
      ambiguous: true,
    });
  });
});
