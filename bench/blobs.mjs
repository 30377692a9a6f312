// Blobs by /v2 as docker moves them, with as little work on this side as node:http allows.
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/** Starts an upload, streams the blob into it with PATCH and closes it with PUT. Gives the digest. */
export async function push(url, name, headers, blob, digest) {
  const begun = await send("POST", `${url}/v2/${name}/blobs/uploads/`, headers);
  expectStatus(begun, 202);
  const patched = await send("PATCH", new URL(begun.headers.location, url), headers, blob);
  expectStatus(patched, 202, 201);
  const last = new URL(patched.headers.location, url);
  last.searchParams.set("digest", digest);
  expectStatus(await send("PUT", last, headers), 201);
  return digest;
}

/** Pulls a blob, follows where its URL leads, and gives the number of bytes that came. */
export async function pull(url, name, headers, digest) {
  const first = await send("GET", `${url}/v2/${name}/blobs/${digest}`, headers);
  const { bytes } = first.status === 307 ? await send("GET", new URL(first.headers.location, url), {}) : first;
  return bytes;
}

function send(method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-type": "application/octet-stream" };
    const call = request(
      url,
      { method, agent, headers: { ...headers, ...length, "content-length": body?.length ?? 0 } },
      (response) => {
        let bytes = 0;
        response.on("data", (chunk) => {
          bytes += chunk.length;
        });
        response.once("end", () => resolve({ status: response.statusCode, headers: response.headers, bytes }));
        response.once("error", reject);
      },
    );
    call.once("error", reject);
    call.end(body);
  });
}

function expectStatus({ status }, ...expected) {
  if (!expected.includes(status)) throw new Error(`expected ${expected.join(" or ")}, got ${status}`);
}
