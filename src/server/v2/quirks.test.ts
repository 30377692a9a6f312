import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { type Door, inProcess, jsonCall, login, type RawAnswer } from "../../../test/contract/transport/doors.js";
import { REGISTRY_QUIRKS, type RegistryQuirks } from "../../registry/oci/quirks.js";
import { QUIRKS, type Quirks } from "./quirks.js";

type Send = (method: string, target: string, body?: string | Uint8Array, type?: string) => Promise<RawAnswer>;

/** What a quirk makes of a request, in either profile. */
interface QuirkCase {
  /** Asks on `/v2/`, where the repositories `app` and `base` are empty, and gives what the quirk decides. */
  readonly seen: (send: Send, door: Door) => Promise<unknown>;
  readonly ecr: unknown;
  readonly oci: unknown;
}

const digestOf = (bytes: string | Uint8Array, algorithm = "sha256"): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const INDEX = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
const putIndex = async (send: Send, reference: string): Promise<number> =>
  (await send("PUT", `app/manifests/${reference}`, INDEX, OCI_INDEX)).status;
const push = async (send: Send, repository: string, bytes: string | Uint8Array): Promise<number> =>
  (await send("POST", `${repository}/blobs/uploads/?digest=${digestOf(bytes)}`, bytes)).status;
const codeOf = ({ status, body }: RawAnswer): string => `${status} ${JSON.parse(body.toString()).errors[0].code}`;
const LARGE = Buffer.alloc(64 * 1024, "large");

const CASES: Readonly<Record<keyof Quirks | keyof RegistryQuirks, QuirkCase>> = {
  chunkStoredStatus: {
    async seen(send) {
      const { headers } = await send("POST", "app/blobs/uploads/");
      return (await send("PATCH", `app/blobs/uploads/${headers["docker-upload-uuid"]}`, "x")).status;
    },
    ecr: 201,
    oci: 202,
  },
  tagsContentType: {
    seen: async (send) => (await send("GET", "app/tags/list")).headers["content-type"],
    ecr: "text/plain; charset=utf-8",
    oci: "application/json",
  },
  redirectBlobsFromBytes: {
    async seen(send) {
      const small = LARGE.subarray(1);
      for (const bytes of [LARGE, small]) await push(send, "app", bytes);
      const get = async (bytes: Uint8Array) => (await send("GET", `app/blobs/${digestOf(bytes)}`)).status;
      return [await get(LARGE), await get(small)];
    },
    ecr: [307, 200],
    oci: [200, 200],
  },
  badParameter: {
    seen: async (send) => codeOf(await send("PUT", "app/manifests/v1", "{", OCI_INDEX)),
    ecr: "405 UNSUPPORTED",
    oci: "400 MANIFEST_INVALID",
  },
  deletesBlobs: {
    async seen(send) {
      await push(send, "app", "unused");
      const { status } = await send("DELETE", `app/blobs/${digestOf("unused")}`);
      return [status, (await send("GET", `app/blobs/${digestOf("unused")}`)).status];
    },
    ecr: [405, 200],
    oci: [202, 404],
  },
  nextPage: {
    async seen(send) {
      for (const tag of ["a", "b"]) await putIndex(send, tag);
      return (await send("GET", "app/tags/list?last=a")).status;
    },
    ecr: 405,
    oci: 200,
  },
  pageSize: {
    seen: async (send) => [
      (await send("GET", "app/tags/list?n=0")).status,
      (await send("GET", "app/tags/list?n=1000")).status,
      (await send("GET", "app/tags/list?n=1001")).status,
    ],
    ecr: [405, 200, 405],
    oci: [200, 200, 200],
  },
  emptyBlobs: { seen: (send) => push(send, "app", ""), ecr: 400, oci: 201 },
  mounts: {
    async seen(send) {
      await push(send, "base", "shared");
      const mount = async (from: string) =>
        (await send("POST", `app/blobs/uploads/?mount=${digestOf("shared")}${from}`)).status;
      return [await mount(""), await mount("&from=base"), await mount("&from=nowhere")];
    },
    ecr: [202, 202, 202],
    oci: [201, 201, 202],
  },
  manifestDigests: {
    seen: async (send) => [
      await putIndex(send, digestOf(INDEX)),
      await putIndex(send, digestOf(INDEX, "sha512")),
      (await send("GET", `app/manifests/${digestOf(INDEX, "sha512")}`)).headers["docker-content-digest"],
    ],
    ecr: [201, 400, undefined],
    oci: [201, 201, digestOf(INDEX, "sha512")],
  },
  sameImmutableTag: {
    async seen(send, door) {
      await putIndex(send, "v1");
      await door.send(jsonCall("PutImageTagMutability", { repositoryName: "app", imageTagMutability: "IMMUTABLE" }));
      const other = INDEX.replace("[]", "[ ]");
      return [await putIndex(send, "v1"), (await send("PUT", "app/manifests/v1", other, OCI_INDEX)).status];
    },
    ecr: [400, 400],
    oci: [201, 400],
  },
  lastTagDeleted: {
    async seen(send) {
      await putIndex(send, "v1");
      return [
        (await send("DELETE", "app/manifests/v1")).status,
        (await send("GET", "app/manifests/v1")).status,
        (await send("GET", `app/manifests/${digestOf(INDEX)}`)).status,
      ];
    },
    ecr: [202, 404, 404],
    oci: [202, 404, 200],
  },
};

describe.each(["ecr", "oci"] as const)("in profile %s", (profile) => {
  const doors: Door[] = [];
  const open = async (): Promise<readonly [Send, Door]> => {
    const door = await inProcess({ profile });
    doors.push(door);
    for (const repositoryName of ["app", "base"]) await door.send(jsonCall("CreateRepository", { repositoryName }));
    const token = await login(door);
    const send: Send = (method, target, body, type) => {
      const headers = { ...token, ...(type !== undefined && { "content-type": type }) };
      return door.send({ method, target: `/v2/${target}`, headers, ...(body !== undefined && { body }) });
    };
    return [send, door];
  };
  afterAll(async () => {
    for (const door of doors) await door.close();
  });

  it.each(Object.entries(CASES))("%s is what it should be", async (_quirk, { seen, [profile]: expected }) => {
    expect(await seen(...(await open()))).toEqual(expected);
  });
});

describe("the quirks", () => {
  it("are all in docs/fidelity.md", () => {
    const page = readFileSync("docs/fidelity.md", "utf8");
    expect(Object.keys(CASES).filter((quirk) => !page.includes(`| \`${quirk}\` `))).toEqual([]);
  });

  it("differ in every one between the profiles, and each has its case", () => {
    const quirks = { ecr: { ...QUIRKS.ecr, ...REGISTRY_QUIRKS.ecr }, oci: { ...QUIRKS.oci, ...REGISTRY_QUIRKS.oci } };
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(quirks.ecr).sort());
    for (const [name, { ecr, oci }] of Object.entries(CASES)) expect(ecr, name).not.toEqual(oci);
  });
});
