import { EcrError, isEcrError } from "../../errors.js";
import type { CallScope } from "../call-scope.js";
import { type BlobName, blobSubject, sizeOnce } from "./blobs.js";
import { type RegistryCall, repositoryPath } from "./registry-call.js";
import type { Once, RegistryAnswer, RegistryConnection } from "./registry-connection.js";

/** A blob to be stored. */
export interface BlobSource extends BlobName {
  readonly sizeBytes: number;
  /** Its bytes, from the first on. Called anew for each try. */
  open(): AsyncIterable<Uint8Array>;
}

/** How a blob is stored. */
export interface UploadOptions {
  /** Sends it in pieces of so many bytes, each of which may be repeated alone; one piece is kept in memory. @default all of it in one request */
  readonly chunkBytes?: number | undefined;
  /** Another repository of the registry that may have the blob: it is taken from there where the registry lets it. */
  readonly mountFrom?: string | undefined;
}

/**
 * Stores a blob. What is sent again after an answer was lost is looked for first.
 *
 * @throws {EcrError} kind `InvalidLayer` when the bytes are not those that the digest names
 */
export async function putBlob(
  connection: RegistryConnection,
  blob: BlobSource,
  { chunkBytes, mountFrom }: UploadOptions,
  scope: CallScope,
): Promise<"mounted" | "uploaded"> {
  const begin = beginCall(blob, mountFrom);
  if (chunkBytes === undefined)
    return connection.run(begin, scope, async (once, { answerLost }) => {
      if (answerLost && (await sizeOnce(once, blob)) !== undefined) return "uploaded";
      // A session that lost a body may have kept a part of it, so each try has one of its own.
      const session = sessionOf(await once(begin));
      if (session === undefined) return "mounted";
      await once({ ...endCall(blob, session), content: { sizeBytes: blob.sizeBytes, open: () => blob.open() } });
      return "uploaded";
    });
  const session = sessionOf(await connection.send(begin, scope));
  if (session === undefined) return "mounted";
  const last = await sendPieces(connection, { blob, session, chunkBytes }, scope);
  const end = endCall(blob, last);
  await connection.run(end, scope, async (once, { answerLost }) => {
    if (answerLost && (await sizeOnce(once, blob)) !== undefined) return;
    await once(end);
  });
  return "uploaded";
}

/** Takes a blob from another repository of the registry: false where the registry does not let it, or has none. */
export async function mountBlob(
  connection: RegistryConnection,
  blob: BlobName,
  from: string,
  scope: CallScope,
): Promise<boolean> {
  const begin = beginCall(blob, from);
  const session = sessionOf(await connection.send(begin, scope));
  if (session === undefined) return true;
  // Whether a registry can be told is not known of ECR; there the session ends by itself.
  await connection.send({ ...begin, method: "DELETE", target: session }, scope).catch(() => undefined);
  return false;
}

function beginCall(blob: BlobName, from: string | undefined): RegistryCall {
  const mount = from === undefined ? "" : `?mount=${encodeURIComponent(blob.digest)}&from=${encodeURIComponent(from)}`;
  return {
    operation: "InitiateLayerUpload",
    access: "write",
    subject: blobSubject(blob),
    about: "upload",
    method: "POST",
    target: repositoryPath(blob.repository, `blobs/uploads/${mount}`),
  };
}

function endCall(blob: BlobName, session: URL): RegistryCall {
  const target = new URL(session);
  target.searchParams.set("digest", blob.digest);
  return {
    operation: "CompleteLayerUpload",
    access: "write",
    subject: blobSubject(blob),
    about: "upload",
    method: "PUT",
    target,
    headers: { "content-type": "application/octet-stream" },
  };
}

/** Where the blob is to be sent; undefined when the registry has it now. ECR answers 201 to a mount, and 202 with a session. */
function sessionOf({ statusCode, headers, url }: RegistryAnswer): URL | undefined {
  if (statusCode === 201) return undefined;
  return nextSession(headers, url);
}

function nextSession({ location }: Readonly<Record<string, string>>, url: URL): URL {
  if (location !== undefined && URL.canParse(location, url.href)) return new URL(location, url);
  throw new EcrError("the registry opened an upload without saying where", {
    kind: "InvalidResponse",
    operation: "InitiateLayerUpload",
  });
}

interface Pieces {
  readonly blob: BlobSource;
  readonly session: URL;
  readonly chunkBytes: number;
}

/** Sends the pieces one after the other, and gives the session's last URL. */
async function sendPieces(
  connection: RegistryConnection,
  { blob, session, chunkBytes }: Pieces,
  scope: CallScope,
): Promise<URL> {
  let at = session;
  let firstByte = 0;
  for await (const piece of pieces(blob.open(), chunkBytes)) {
    at = await sendPiece(connection, { blob, session: at, piece, firstByte }, scope);
    firstByte += piece.byteLength;
  }
  return at;
}

interface Piece {
  readonly blob: BlobName;
  readonly session: URL;
  readonly piece: Uint8Array;
  readonly firstByte: number;
}

/**
 * Sends one piece, again from where the registry says it got to. ECR's word on that may be old (observed: tart #273), so a piece that is
 * then refused as out of place counts as stored; the digest at the end tells for certain.
 */
async function sendPiece(
  connection: RegistryConnection,
  { blob, session, piece, firstByte }: Piece,
  scope: CallScope,
): Promise<URL> {
  const endByte = firstByte + piece.byteLength;
  const call = pieceCall(blob, session, piece, firstByte);
  return connection.run(call, scope, async (once, { answerLost }) => {
    const stored = answerLost ? await storedBytes(once, call) : 0;
    if (stored >= endByte) return session;
    const fromByte = Math.max(stored, firstByte);
    try {
      const { headers, url } = await once(pieceCall(blob, session, piece.subarray(fromByte - firstByte), fromByte));
      return nextSession(headers, url);
    } catch (error) {
      if (answerLost && isEcrError(error, "InvalidLayerPart")) return session;
      throw error;
    }
  });
}

const pieceCall = (blob: BlobName, session: URL, piece: Uint8Array, firstByte: number): RegistryCall => ({
  operation: "UploadLayerPart",
  access: "write",
  subject: blobSubject(blob),
  about: "upload",
  method: "PATCH",
  target: session,
  headers: {
    "content-type": "application/octet-stream",
    "content-range": `${firstByte}-${firstByte + piece.byteLength - 1}`,
  },
  content: { sizeBytes: piece.byteLength, open: () => piece },
});

/** How much of an upload the registry says that it has. Where it does not say, none. */
async function storedBytes(once: Once, { target, ...call }: RegistryCall): Promise<number> {
  const { content: _, ...ask } = { ...call, method: "GET", access: "read", headers: {}, target } as const;
  try {
    const { headers } = await once(ask);
    const [, last] = /^(?:bytes=)?0-(\d{1,15})$/.exec(headers["range"] ?? "") ?? [];
    // Both ends included, an upload that is empty looks like one of a byte.
    return last === undefined || last === "0" ? 0 : Number(last) + 1;
  } catch (error) {
    if (isEcrError(error) && error.category === "terminal") return 0;
    throw error;
  }
}

/** A stream in pieces of exactly `bytes`, but for the last. */
async function* pieces(stream: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    while (heldBytes + rest.byteLength >= bytes) {
      const taken = rest.subarray(0, bytes - heldBytes);
      yield Buffer.concat([...held, taken], bytes);
      rest = rest.subarray(taken.byteLength);
      held = [];
      heldBytes = 0;
    }
    if (rest.byteLength === 0) continue;
    held.push(rest);
    heldBytes += rest.byteLength;
  }
  if (heldBytes > 0) yield Buffer.concat(held, heldBytes);
}
