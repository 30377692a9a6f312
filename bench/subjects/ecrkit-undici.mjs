import { createEcrClient } from "../../dist/index.js";
import { undici } from "../../dist/transport/undici.js";

/** The same call by ecrkit's client on its undici end. */
export function createSubject(endpoint) {
  const ecr = createEcrClient({
    region: "us-east-1",
    endpoint,
    auth: { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" },
    transport: undici(),
  });
  return async () => (await ecr.call("DescribeRepositories", {})).repositories.length;
}
