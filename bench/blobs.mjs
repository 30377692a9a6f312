// Blobs by /v2 as docker moves them, with as little work on this side as node:http allows.
import { Agent, request } from "node:http";
import { connect } from "node:net";

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
  const first = await download(new URL(`${url}/v2/${name}/blobs/${digest}`), headers);
  if (first.location === undefined) return first.bytes;
  return (await download(new URL(first.location, url), {})).bytes;
}

/**
 * One GET on a socket of its own, read into one buffer that is used again and again: a client that makes a new buffer of every chunk
 * is slower than the servers, and both would look the same.
 */
function download(url, headers) {
  const lines = Object.entries({ ...headers, host: url.host, connection: "close" }).map(
    ([key, value]) => `${key}: ${value}`,
  );
  return new Promise((resolve, reject) => {
    let head;
    let bytes = 0;
    const callback = (read, buffer) => {
      bytes += read;
      if (head !== undefined) return true;
      const end = buffer.indexOf("\r\n\r\n");
      head = buffer.toString("latin1", 0, end);
      bytes -= end + 4;
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafeSlow(1024 * 1024), callback };
    const socket = connect({ host: url.hostname, port: url.port, onread });
    socket.once("error", reject);
    socket.once("end", () => resolve({ bytes, location: /^location: (.*)$/im.exec(head)?.[1] }));
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  });
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
