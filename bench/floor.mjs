// The floor of the client bench: what one DescribeRepositories call costs when nothing is between it and node:http.
// It signs each call (Signature Version 4), writes and reads JSON, and does nothing else: no retry, no deadline, no
// validation, no error mapping. Nobody should use this; it shows how much of a client's cost is the client.
import { createHash, createHmac } from "node:crypto";
import { Agent, request } from "node:http";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

/** A function that makes one call and gives the parsed answer. */
export function createFloor(url, { accessKeyId, secretAccessKey, region }) {
  const { hostname, port, host } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  const target = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories";
  const type = "application/x-amz-json-1.1";
  const names = "content-type;host;x-amz-date;x-amz-target";

  const sign = (body, date) => {
    const day = date.slice(0, 8);
    const scope = `${day}/${region}/ecr/aws4_request`;
    const canonical = `POST\n/\n\ncontent-type:${type}\nhost:${host}\nx-amz-date:${date}\nx-amz-target:${target}\n\n${names}\n${sha256(body)}`;
    const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), "ecr"), "aws4_request");
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString("hex");
    return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  };

  return (input) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(input);
      const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
      const headers = {
        host,
        "content-type": type,
        "content-length": Buffer.byteLength(body),
        "x-amz-date": date,
        "x-amz-target": target,
        authorization: sign(body, date),
      };
      const call = request({ hostname, port, method: "POST", path: "/", headers, agent }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.once("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
        response.once("error", reject);
      });
      call.once("error", reject);
      call.end(body);
    });
}
