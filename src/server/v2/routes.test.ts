import { describe, expect, it } from "vitest";
import { parseRoute } from "./routes.js";

describe("a path of the data plane", () => {
  it.each([
    ["/v2/", { kind: "base" }],
    ["/v2", { kind: "base" }],
    ["/v2/_catalog", { kind: "catalog" }],
    ["/v2/a/tags/list", { kind: "tags", repositoryName: "a" }],
    ["/v2/a/b/manifests/v1", { kind: "manifest", repositoryName: "a/b", reference: "v1" }],
    ["/v2/a/manifests/sha256%3aab", { kind: "manifest", repositoryName: "a", reference: "sha256:ab" }],
    ["/v2/a/blobs/sha256:ab", { kind: "blob", repositoryName: "a", digest: "sha256:ab" }],
    ["/v2/a/blobs/uploads/", { kind: "uploads", repositoryName: "a" }],
    ["/v2/a/blobs/uploads", { kind: "uploads", repositoryName: "a" }],
    ["/v2/a/blobs/uploads/1-2", { kind: "upload", repositoryName: "a", uploadId: "1-2" }],
    ["/v2/a/referrers/sha256:ab", { kind: "referrers", repositoryName: "a", digest: "sha256:ab" }],
  ])("%s", (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it.each([
    ["/v2/manifests/manifests/manifests", { kind: "manifest", repositoryName: "manifests", reference: "manifests" }],
    ["/v2/a/manifests/b/blobs/sha256:ab", { kind: "blob", repositoryName: "a/manifests/b", digest: "sha256:ab" }],
    ["/v2/a/blobs/uploads/tags/list", { kind: "tags", repositoryName: "a/blobs/uploads" }],
    ["/v2/_catalog/tags/list", { kind: "tags", repositoryName: "_catalog" }],
  ])("%s is read from its end, whatever the repository is called", (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it.each([
    "/v2/a",
    "/v2/tags/list",
    "/v2//tags/list",
    "/v2/a/tags",
    "/v2/a/manifests/",
    "/v2/a/manifests/b/c",
    "/v2/a/blobs/",
  ])("%s is none", (path) => {
    expect(parseRoute(path)).toBeUndefined();
  });
});
