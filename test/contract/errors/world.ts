import type { InputOf, OperationName } from "../../../src/protocol/operations.js";
import type { RegistryOptions } from "../../../src/registry/create-registry.js";
import type { Caller } from "../../../src/registry/registry.js";
import { caller, type TestRegistry, testRegistry } from "../../fixtures/local-registry.js";

/** What an operation takes, as JSON: bytes as base64. */
export type JsonInput<N extends OperationName> = {
  readonly [K in keyof InputOf<N>]: InputOf<N>[K] extends Uint8Array ? string : InputOf<N>[K];
};

/** JSON that a test looks into. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what an answer is expected to have, and fails where it has not.
export type Json = any;

/** A registry that has one repository, `app`, private, and one public of the same name. */
export interface World extends Omit<TestRegistry, "call"> {
  /** Runs an operation of either service. */
  call<N extends OperationName>(name: N, input: JsonInput<N>): Promise<Json>;
  /** Uploads some bytes as parts without completing them. */
  upload(parts: readonly Uint8Array[], isPublic?: boolean): Promise<string>;
}

/** Brings an operation to refuse something: the last call that it makes is the one that must be refused. */
export type Case = (open: (options?: RegistryOptions) => Promise<World>) => Promise<unknown>;

export const APP = "app";
export const ACCOUNT: string = caller.account;
export const ARN: string = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/app`;
export const PUBLIC_ARN: string = `arn:aws:ecr-public::${ACCOUNT}:repository/app`;
export const NO_DIGEST: string = `sha256:${"0".repeat(64)}`;
export const NO_UUID: string = "00000000-0000-0000-0000-000000000000";

/** Calls an operation by its name in our tables. */
export function callNamed(
  { registry }: Pick<TestRegistry, "registry">,
  name: string,
  input: unknown,
  by: Caller = caller,
): Promise<Json> {
  const [operation = "", service = "ecr"] = name.split(":").reverse();
  return registry.call({ service, name: operation }, by, input);
}

export async function openWorld(options?: RegistryOptions): Promise<World> {
  const local = testRegistry(options);
  const call: World["call"] = (name, input) => callNamed(local, name, input);
  await call("CreateRepository", { repositoryName: APP });
  await call("ecr-public:CreateRepository", { repositoryName: APP });
  return {
    ...local,
    call,
    async upload(parts, isPublic = false) {
      const prefix = isPublic ? "ecr-public:" : "";
      const { uploadId } = await callNamed(local, `${prefix}InitiateLayerUpload`, { repositoryName: APP });
      let at = 0;
      for (const bytes of parts) {
        const part = { partFirstByte: at, partLastByte: at + bytes.byteLength - 1 };
        const layerPartBlob = Buffer.from(bytes).toString("base64");
        await callNamed(local, `${prefix}UploadLayerPart`, { repositoryName: APP, uploadId, ...part, layerPartBlob });
        at += bytes.byteLength;
      }
      return uploadId;
    },
  };
}
