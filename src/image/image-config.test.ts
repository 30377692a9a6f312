import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseImageConfig } from "./image-config.js";
import { ManifestError } from "./manifest-error.js";

const minimal = { os: "linux", architecture: "amd64" };
const read = (document: unknown) => parseImageConfig(JSON.stringify(document));

describe("an image's configuration", () => {
  it("says what the image runs on and how it is started", () => {
    const document = {
      ...{ os: "linux", architecture: "aarch64", variant: "v8", created: "2026-01-01T00:00:00Z", author: "me" },
      config: {
        User: "app",
        Env: ["PATH=/bin", "A=1"],
        Entrypoint: ["/bin/app"],
        Cmd: ["--serve"],
        WorkingDir: "/srv",
        ExposedPorts: { "8080/tcp": {} },
        Volumes: { "/data": {} },
        Labels: { team: "web" },
        StopSignal: "SIGINT",
      },
      rootfs: { type: "layers", diff_ids: ["sha256:1", "sha256:2"] },
      history: [{ created_by: "RUN true" }],
    };
    expect(read(document)).toEqual({
      platform: { os: "linux", architecture: "arm64" },
      created: new Date("2026-01-01T00:00:00Z"),
      author: "me",
      user: "app",
      environment: ["PATH=/bin", "A=1"],
      entrypoint: ["/bin/app"],
      command: ["--serve"],
      workingDirectory: "/srv",
      exposedPorts: ["8080/tcp"],
      volumes: ["/data"],
      labels: { team: "web" },
      stopSignal: "SIGINT",
      diffIds: ["sha256:1", "sha256:2"],
      document,
    });
  });

  it("may leave out, or set to null, everything but what it runs on", () => {
    const bare = {
      environment: [],
      entrypoint: [],
      command: [],
      exposedPorts: [],
      volumes: [],
      labels: {},
      diffIds: [],
    };
    const config = { Env: null, Cmd: null, Labels: null, User: "" };
    for (const document of [minimal, { ...minimal, config: null, rootfs: null, created: null }, { ...minimal, config }])
      expect(read(document)).toEqual({ ...bare, platform: minimal, document });
  });

  it("has a Windows build and its features", () => {
    const { platform } = read({ ...minimal, os: "windows", "os.version": "10.0.20348.1", "os.features": ["win32k"] });
    expect(platform).toEqual({
      os: "windows",
      architecture: "amd64",
      osVersion: "10.0.20348.1",
      osFeatures: ["win32k"],
    });
  });

  it.each([
    ["not json", "it is not JSON in UTF-8"],
    [Uint8Array.of(0x22, 0xff, 0x22), "it is not JSON in UTF-8"],
    ["[]", "the configuration must be an object, got an array"],
    ['{"os":"linux"}', "architecture must be a string, got nothing"],
    ['{"os":1,"architecture":"amd64"}', "os must be a string, got 1"],
    [JSON.stringify({ ...minimal, config: { Env: ["A", 1] } }), "config.Env[1] must be a string, got 1"],
    [JSON.stringify({ ...minimal, config: { Labels: { a: 1 } } }), 'config.Labels["a"] must be a string, got 1'],
    [JSON.stringify({ ...minimal, rootfs: [] }), "rootfs must be an object, got an array"],
  ])("that is malformed is refused with the place: %j", (source, reason) => {
    expect(() => parseImageConfig(source)).toThrow(expect.objectContaining({ name: "ManifestError", reason }));
  });

  it("is read, or refused with a reason, whatever it holds", () => {
    fc.assert(
      fc.property(fc.json(), fc.object(), (json, object) => {
        for (const source of [json, JSON.stringify({ ...minimal, ...object })])
          try {
            expect(parseImageConfig(source).document).toEqual(JSON.parse(source));
          } catch (error) {
            expect(error).toBeInstanceOf(ManifestError);
          }
      }),
    );
  });
});
