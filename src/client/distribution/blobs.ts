import { isEcrError } from "../../errors.js";
import { callRegion } from "../../protocol/endpoints.js";
import type { CallScope } from "../call-scope.js";
import { readContent } from "./content.js";
import { type RegistryCall, repositoryPath } from "./registry-call.js";
import type { Once, RegistryConnection } from "./registry-connection.js";

/** A blob by name. */
export interface BlobName {
  readonly repository: string;
  readonly digest: string;
}

/** A blob, for people. */
export const blobSubject = ({ repository, digest }: BlobName): string => `blob ${digest} of repository "${repository}"`;

const askBlob = (blob: BlobName): RegistryCall => ({
  operation: "BatchCheckLayerAvailability",
  access: "read",
  subject: blobSubject(blob),
  about: "blob",
  method: "HEAD",
  target: repositoryPath(blob.repository, `blobs/${blob.digest}`),
});

/** The size of a blob in bytes, or undefined when the repository has none of this digest. A registry does not tell it from a repository that is not there. */
export async function blobSize(
  connection: RegistryConnection,
  blob: BlobName,
  scope: CallScope,
): Promise<number | undefined> {
  const call = askBlob(blob);
  return connection.run(call, scope, (once) => sizeOnce(once, blob));
}

/** The same as a part of a task. */
export async function sizeOnce(once: Once, blob: BlobName): Promise<number | undefined> {
  try {
    const { headers } = await once(askBlob(blob));
    return Number(headers["content-length"] ?? 0);
  } catch (error) {
    if (isEcrError(error, "LayersNotFound")) return undefined;
    throw error;
  }
}

/**
 * A blob as it comes, held to its digest while it is read. Each reading asks for it anew.
 *
 * @throws {EcrError} while it is read: kind `LayersNotFound` when there is none, `ImageDigestMismatch` when it came with other bytes
 */
export function readBlob(
  connection: RegistryConnection,
  blob: BlobName & { readonly sizeBytes?: number | undefined },
  scope: CallScope,
): AsyncIterable<Uint8Array> {
  const call = {
    ...askBlob(blob),
    operation: "GetDownloadUrlForLayer",
    method: "GET",
  } as const satisfies RegistryCall;
  const { service, openWire } = connection;
  return {
    async *[Symbol.asyncIterator]() {
      const wire = await openWire(scope);
      const { operation, subject } = call;
      const failed = { operation, subject, region: callRegion(service, wire.place.region), attempts: 1 };
      const open = (range: string | undefined) =>
        connection.open(range === undefined ? call : { ...call, headers: { range } }, scope);
      yield* readContent({ ...blob, call: failed, open }, wire, scope);
    },
  };
}
