import { describe, expect, it } from "vitest";
import { parseImageArgument, parseRepositoryArgument } from "./image-argument.js";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("an image on the command line", () => {
  it("is latest when neither tag nor digest is given", () => {
    expect(parseImageArgument("team/app")).toEqual({
      repositoryName: "team/app",
      imageId: { imageTag: "latest" },
      place: {},
    });
  });

  it("may have a tag, a digest, or both", () => {
    expect(parseImageArgument("app:v1").imageId).toEqual({ imageTag: "v1" });
    expect(parseImageArgument(`app@${DIGEST}`).imageId).toEqual({ imageDigest: DIGEST });
    expect(parseImageArgument(`app:v1@${DIGEST}`).imageId).toEqual({ imageTag: "v1", imageDigest: DIGEST });
  });

  it("takes account and region from the host of a whole URI", () => {
    expect(parseImageArgument("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1")).toEqual({
      repositoryName: "team/app",
      imageId: { imageTag: "v1" },
      place: { region: "eu-west-1", registryId: "123456789012" },
    });
  });

  it("takes the endpoint from the host of a local ECR", () => {
    expect(parseImageArgument("localhost:4580/app:v1").place).toEqual({ endpoint: "http://localhost:4580" });
    expect(parseImageArgument("000000000000.dkr.ecr.us-east-1.localhost:4580/app:v1").place).toEqual({
      region: "us-east-1",
      registryId: "000000000000",
      endpoint: "http://localhost:4580",
    });
  });

  it.each([
    ["App:v1", '"App:v1" is malformed: an image is repository[:tag][@digest] or its whole URI'],
    ["app:", '"app:" is malformed: an image is repository[:tag][@digest] or its whole URI'],
    [
      "public.ecr.aws/alias/app:v1",
      '"public.ecr.aws/alias/app:v1" is on ECR Public: this command reads private registries only',
    ],
    [
      "docker.io/library/alpine",
      '"docker.io/library/alpine" is on docker.io, which is not an ECR registry: for a local ECR under another name, leave the host out and give --endpoint-url',
    ],
  ])("is refused with the reason when it is %s", (text, message) => {
    expect(() => parseImageArgument(text)).toThrow(message);
  });
});

describe("a repository on the command line", () => {
  it("is a name or a whole URI", () => {
    expect(parseRepositoryArgument("team/app")).toEqual({ repositoryName: "team/app", place: {} });
    expect(parseRepositoryArgument("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app")).toEqual({
      repositoryName: "team/app",
      place: { region: "eu-west-1", registryId: "123456789012" },
    });
  });

  it("is not an image", () => {
    expect(() => parseRepositoryArgument("app:v1")).toThrow(
      '"app:v1" is an image: a repository is a name such as team/app or its whole URI, without tag and digest',
    );
  });
});
