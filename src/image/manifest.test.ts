import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isForeignLayer } from "./descriptor.js";
import { digestOf } from "./digest.js";
import { artifactTypeOf, parseManifest } from "./manifest.js";
import { ManifestError } from "./manifest-error.js";
import { manifestKindOf, manifestMediaTypes, mediaTypes } from "./media-types.js";

const digest = (text: string): string => digestOf(text);
const config = { mediaType: mediaTypes.ociConfig, digest: digest("config"), size: 6 };
const layer = { mediaType: mediaTypes.ociLayerGzip, digest: digest("layer"), size: 5 };
const child = { mediaType: mediaTypes.ociManifest, digest: digest("child"), size: 5 };
const ociImage = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] };
const ociIndex = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [child] };
const schema1 = {
  schemaVersion: 1,
  name: "team/app",
  tag: "v1",
  architecture: "amd64",
  fsLayers: [{ blobSum: digest("top") }, { blobSum: digest("base") }],
  history: [{ v1Compatibility: "{}" }],
};

const parse = (document: unknown, mediaType?: string): unknown => parseManifest(JSON.stringify(document), mediaType);

/** The error that parsing throws, as `problem: reason`. */
function refusal(source: string | Uint8Array, mediaType?: string): string {
  try {
    parseManifest(source, mediaType);
  } catch (error) {
    if (error instanceof ManifestError) return `${error.problem}: ${error.reason}`;
    throw error;
  }
  return "none";
}

describe("a manifest that is read", () => {
  it("is an OCI image with its subject, artifact type and annotations", () => {
    const document = {
      ...ociImage,
      artifactType: "application/vnd.example.sbom",
      subject: child,
      annotations: { "org.opencontainers.image.version": "1.0" },
      unknown: { ignored: true },
    };
    const { schemaVersion: _, unknown: __, ...members } = document;
    expect(parse(document)).toEqual({ kind: "image", mediaTypeInferred: false, ...members });
  });

  it("is a Docker image of schema 2", () => {
    const document = {
      schemaVersion: 2,
      mediaType: mediaTypes.dockerManifest,
      config: { ...config, mediaType: mediaTypes.dockerConfig },
      layers: [{ ...layer, mediaType: mediaTypes.dockerLayer }],
    };
    const { schemaVersion: _, ...members } = document;
    expect(parse(document, mediaTypes.dockerManifest)).toEqual({ kind: "image", mediaTypeInferred: false, ...members });
  });

  it("is an index with its platforms, by names without dots", () => {
    const platform = {
      os: "windows",
      architecture: "amd64",
      "os.version": "10.0.17763.1",
      "os.features": ["win32k"],
      features: ["sse4"],
    };
    const arm = { os: "linux", architecture: "arm64", variant: "v8" };
    const document = { ...ociIndex, manifests: [{ ...child, platform }, { ...child, platform: arm }, child] };
    expect(parse(document)).toEqual({
      kind: "index",
      mediaType: mediaTypes.ociIndex,
      mediaTypeInferred: false,
      manifests: [
        {
          ...child,
          platform: { os: "windows", architecture: "amd64", osVersion: "10.0.17763.1", osFeatures: ["win32k"] },
        },
        { ...child, platform: arm },
        child,
      ],
    });
  });

  it("is a Docker manifest list", () => {
    const document = { ...ociIndex, mediaType: mediaTypes.dockerManifestList };
    expect(parse(document)).toMatchObject({ kind: "index", mediaType: mediaTypes.dockerManifestList });
  });

  it("is recognised when it is of schema 1, signed or not", () => {
    const members = {
      kind: "schema1",
      name: "team/app",
      tag: "v1",
      layerDigests: [digest("top"), digest("base")],
      mediaTypeInferred: true,
    };
    expect(parse(schema1)).toEqual({ ...members, mediaType: mediaTypes.dockerSchema1 });
    expect(parse({ ...schema1, signatures: [{}] })).toEqual({ ...members, mediaType: mediaTypes.dockerSchema1Signed });
    expect(parse(schema1, mediaTypes.dockerSchema1Signed)).toEqual({
      ...members,
      mediaType: mediaTypes.dockerSchema1Signed,
      mediaTypeInferred: false,
    });
  });

  it("has every member that a descriptor may have", () => {
    const full = {
      ...layer,
      urls: ["https://example.com/layer"],
      annotations: { title: "layer" },
      data: "bGF5ZXI=",
      artifactType: "application/vnd.example",
    };
    expect(parse({ ...ociImage, layers: [full] })).toMatchObject({ layers: [full] });
  });

  it("takes its type from the caller when it does not name one itself, and says when nobody did", () => {
    const { mediaType: _, ...image } = ociImage;
    const { mediaType: __, ...index } = ociIndex;
    expect(parse(image)).toMatchObject({ kind: "image", mediaType: mediaTypes.ociManifest, mediaTypeInferred: true });
    expect(parse(index)).toMatchObject({ kind: "index", mediaType: mediaTypes.ociIndex, mediaTypeInferred: true });
    expect(parse(image, mediaTypes.dockerManifest)).toMatchObject({
      mediaType: mediaTypes.dockerManifest,
      mediaTypeInferred: false,
    });
  });

  it("may write absent members as null, as Go does", () => {
    const document = {
      ...ociImage,
      manifests: null,
      subject: null,
      annotations: null,
      artifactType: null,
      layers: [{ ...layer, urls: null, annotations: null, platform: null }],
    };
    expect(parse(document)).toEqual(parse(ociImage));
  });

  it("may be empty of layers and manifests", () => {
    expect(parse({ ...ociImage, layers: [] })).toMatchObject({ layers: [] });
    expect(parse({ ...ociIndex, manifests: [] })).toMatchObject({ manifests: [] });
  });

  it("is the same from bytes and from text", () => {
    const text = JSON.stringify({ ...ociImage, annotations: { title: "Größe 🚀" } });
    expect(parseManifest(new TextEncoder().encode(text))).toEqual(parseManifest(text));
  });

  it("may use sha512", () => {
    const strong = { ...layer, digest: digestOf("layer", "sha512") };
    expect(parse({ ...ociImage, layers: [strong] })).toMatchObject({ layers: [strong] });
  });

  it("keeps a member called __proto__ apart from the objects it makes", () => {
    const parsed = parseManifest(
      JSON.stringify(ociImage).replace("{", '{"__proto__":{"subject":{}},"annotations":{"__proto__":"x"},'),
    );
    expect(parsed).toMatchObject({ kind: "image" });
    expect(parsed).not.toHaveProperty("subject");
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });
});

describe("a manifest that is refused", () => {
  it.each<[string, string | Uint8Array]>([
    ["empty", ""],
    ["cut short", '{"schemaVersion":2'],
    ["begun with a byte order mark", `\ufeff${JSON.stringify(ociImage)}`],
    ["begun with the bytes of one", Buffer.from(`\ufeff${JSON.stringify(ociImage)}`)],
    ["not UTF-8", Buffer.concat([Buffer.from('{"a":"'), Uint8Array.of(0xff), Buffer.from('"}')])],
    ["four million brackets", "[".repeat(4_000_000)],
  ])("is not JSON when it is %s", (_, source) => {
    expect(refusal(source)).toBe("json: it is not JSON in UTF-8");
  });

  it.each<[unknown, string]>([
    [null, "structure: the document must be an object, got null"],
    [[], "structure: the document must be an object, got an array"],
    ["text", 'structure: the document must be an object, got "text"'],
    [{}, "structure: it has none of layers, manifests and fsLayers"],
    [{ ...ociImage, layers: null }, "structure: it has none of layers, manifests and fsLayers"],
    [{ ...ociImage, mediaType: 2 }, "structure: mediaType must be a string, got 2"],
    [{ ...ociImage, schemaVersion: 1 }, "structure: schemaVersion must be 2, got 1"],
    [{ ...ociImage, schemaVersion: "2" }, 'structure: schemaVersion must be 2, got "2"'],
    [{ ...ociIndex, schemaVersion: undefined }, "structure: schemaVersion must be 2, got nothing"],
    [{ ...ociImage, config: undefined }, "structure: config must be an object, got nothing"],
    [{ ...ociImage, config: [] }, "structure: config must be an object, got an array"],
    [{ ...ociImage, layers: {} }, "structure: layers must be an array, got an object"],
    [{ ...ociImage, layers: [layer, null] }, "structure: layers[1] must be an object, got null"],
    [
      { ...ociImage, layers: [{ ...layer, size: "5" }] },
      'structure: layers[0].size must be an integer from 0 up, got "5"',
    ],
    [
      { ...ociImage, layers: [{ ...layer, size: -1 }] },
      "structure: layers[0].size must be an integer from 0 up, got -1",
    ],
    [
      { ...ociImage, layers: [{ ...layer, size: 0.5 }] },
      "structure: layers[0].size must be an integer from 0 up, got 0.5",
    ],
    [
      { ...ociImage, layers: [{ ...layer, size: 2 ** 53 }] },
      "structure: layers[0].size must be an integer from 0 up, got 9007199254740992",
    ],
    [
      { ...ociImage, config: { ...config, digest: "sha256:abc" } },
      'structure: config.digest must be a digest, got "sha256:abc"',
    ],
    [{ ...ociImage, config: { ...config, mediaType: "" } }, 'structure: config.mediaType must be a media type, got ""'],
    [{ ...ociImage, layers: [{ ...layer, urls: [1] }] }, "structure: layers[0].urls[0] must be a string, got 1"],
    [{ ...ociImage, annotations: { a: 1 } }, 'structure: annotations["a"] must be a string, got 1'],
    [{ ...ociImage, annotations: ["a"] }, "structure: annotations must be an object, got an array"],
    [{ ...ociImage, subject: "x" }, 'structure: subject must be an object, got "x"'],
    [{ ...ociImage, artifactType: {} }, "structure: artifactType must be a string, got an object"],
    [
      { ...ociIndex, manifests: [{ ...child, platform: { os: "linux" } }] },
      "structure: manifests[0].platform.architecture must be a string, got nothing",
    ],
    [
      { ...ociIndex, manifests: [{ ...child, platform: { os: "linux", architecture: "arm", "os.features": "x" } }] },
      'structure: manifests[0].platform["os.features"] must be an array, got "x"',
    ],
    [{ ...schema1, schemaVersion: 2 }, "structure: schemaVersion must be 1, got 2"],
    [{ ...schema1, name: undefined }, "structure: name must be a string, got nothing"],
    [{ ...schema1, fsLayers: [{}] }, "structure: fsLayers[0].blobSum must be a digest, got nothing"],
  ])("names the member and what it holds: %j", (document, reason) => {
    expect(refusal(JSON.stringify(document))).toBe(reason);
  });

  it.each([
    [{ ...ociImage, manifests: [child] }, "structure: only one of layers, manifests and fsLayers may be there"],
    [{ ...ociImage, manifests: [] }, "structure: only one of layers, manifests and fsLayers may be there"],
    [{ ...schema1, ...ociImage }, "structure: only one of layers, manifests and fsLayers may be there"],
    [{ ...ociIndex, config }, "structure: a document with manifests cannot have a config"],
    [
      { ...ociImage, mediaType: mediaTypes.ociIndex },
      `structure: the type "${mediaTypes.ociIndex}" does not fit a document with layers`,
    ],
    [
      { ...ociIndex, mediaType: mediaTypes.dockerManifest },
      `structure: the type "${mediaTypes.dockerManifest}" does not fit a document with manifests`,
    ],
  ])("could be read as two different things: %j", (document, reason) => {
    expect(refusal(JSON.stringify(document))).toBe(reason);
  });

  it("contradicts the type that it was given as", () => {
    expect(refusal(JSON.stringify(ociImage), mediaTypes.dockerManifest)).toBe(
      `media-type: it was given as "${mediaTypes.dockerManifest}" but its mediaType is "${mediaTypes.ociManifest}"`,
    );
    const { mediaType: _, ...untyped } = ociImage;
    expect(refusal(JSON.stringify(untyped), mediaTypes.ociIndex)).toBe(
      `structure: the type "${mediaTypes.ociIndex}" does not fit a document with layers`,
    );
  });

  it("is of a type that ECR does not store", () => {
    const withdrawn = { mediaType: "application/vnd.oci.artifact.manifest.v1+json", blobs: [layer] };
    expect(refusal(JSON.stringify(withdrawn))).toBe(
      'media-type: the media type "application/vnd.oci.artifact.manifest.v1+json" is not supported',
    );
    expect(refusal(JSON.stringify(schema1), "application/json")).toBe(
      'media-type: the media type "application/json" is not supported',
    );
  });

  it("is shown only in part when its value is long", () => {
    expect(refusal(JSON.stringify({ ...ociImage, mediaType: "x".repeat(1_000_000) }))).toBe(
      `media-type: the media type "${"x".repeat(100)}…" is not supported`,
    );
    const long = { ...ociImage, config: { ...config, digest: "x".repeat(1_000_000) } };
    expect(refusal(JSON.stringify(long))).toBe(`structure: config.digest must be a digest, got "${"x".repeat(99)}…`);
  });
});

describe("a manifest of any content", () => {
  it("may be nested a million deep in a member that is not looked at", () => {
    const depth = 1_000_000;
    const bomb = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const text = JSON.stringify({ ...ociImage, bomb: 0 }).replace('"bomb":0', `"bomb":${bomb}`);
    expect(parseManifest(text)).toEqual(parse(ociImage));
    expect(refusal(bomb)).toBe("structure: the document must be an object, got an array");
    expect(refusal(text.replace('"size":6', `"size":${bomb}`))).toBe(
      "structure: config.size must be an integer from 0 up, got an array",
    );
  });

  const accepted = (source: string | Uint8Array): boolean => refusal(source) === "none";

  it("is either read or refused with a reason, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array(), fc.json()), (source) => {
        expect(accepted(source)).toBe(false);
      }),
    );
  });

  it("is either read or refused with a reason when one of its members holds anything at all", () => {
    const full = {
      ...ociImage,
      subject: child,
      artifactType: "a/b",
      annotations: { a: "b" },
      layers: [{ ...layer, urls: ["u"], data: "" }],
    };
    const path = fc.constantFrom(
      ["schemaVersion"],
      ["mediaType"],
      ["config"],
      ["config", "digest"],
      ["config", "size"],
      ["layers"],
      ["layers", "0"],
      ["layers", "0", "urls"],
      ["subject"],
      ["annotations"],
      ["manifests"],
      ["fsLayers"],
    );
    fc.assert(
      fc.property(path, fc.jsonValue(), (names, value) => {
        const text = JSON.stringify(full);
        const document: unknown = JSON.parse(text);
        const last = names[names.length - 1] ?? "";
        const owner = names.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
        (owner as Record<string, unknown>)[last] = value;
        const reason = refusal(JSON.stringify(document));
        expect(reason).toMatch(/^(none|media-type: .+|structure: .+)$/);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps all its descriptors, in order", () => {
    const descriptors = fc.array(
      fc.record({
        mediaType: fc.string({ minLength: 1 }),
        digest: fc.string().map(digest),
        size: fc.maxSafeNat(),
        annotations: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
      }),
    );
    fc.assert(
      fc.property(descriptors, (layers) => {
        expect(parse({ ...ociImage, layers })).toMatchObject({ layers: JSON.parse(JSON.stringify(layers)) });
      }),
    );
  });
});

describe("what a manifest is", () => {
  it("follows from its media type", () => {
    expect(manifestMediaTypes.map((type) => [type, manifestKindOf(type)])).toEqual([
      ["application/vnd.oci.image.manifest.v1+json", "image"],
      ["application/vnd.oci.image.index.v1+json", "index"],
      ["application/vnd.docker.distribution.manifest.v2+json", "image"],
      ["application/vnd.docker.distribution.manifest.list.v2+json", "index"],
      ["application/vnd.docker.distribution.manifest.v1+json", "schema1"],
      ["application/vnd.docker.distribution.manifest.v1+prettyjws", "schema1"],
    ]);
    expect(manifestKindOf(mediaTypes.ociLayer)).toBeUndefined();
  });

  it("is an artifact of its artifactType, else of its config's media type", () => {
    const typeOf = (document: unknown): string | undefined => artifactTypeOf(parseManifest(JSON.stringify(document)));
    expect(typeOf({ ...ociImage, artifactType: "a/b" })).toBe("a/b");
    expect(typeOf({ ...ociImage, artifactType: "" })).toBe(mediaTypes.ociConfig);
    expect(typeOf(ociImage)).toBe(mediaTypes.ociConfig);
    expect(typeOf({ ...ociIndex, artifactType: "a/b" })).toBe("a/b");
    expect(typeOf(ociIndex)).toBeUndefined();
    expect(typeOf(schema1)).toBeUndefined();
  });
});

describe("a foreign layer", () => {
  it("is one of a non-distributable type, or one that says where else it is", () => {
    const foreign = [
      mediaTypes.dockerForeignLayer,
      mediaTypes.ociForeignLayer,
      mediaTypes.ociForeignLayerGzip,
      mediaTypes.ociForeignLayerZstd,
    ];
    expect(foreign.filter((mediaType) => !isForeignLayer({ ...layer, mediaType }))).toEqual([]);
    expect(isForeignLayer({ ...layer, urls: ["https://example.com/layer"] })).toBe(true);
    expect(isForeignLayer({ ...layer, urls: [] })).toBe(false);
    expect(isForeignLayer(layer)).toBe(false);
  });
});
