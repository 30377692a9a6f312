import { createEcrClient } from "../../dist/index.js";

/** The same call by ecrkit's client as it comes: retry and everything else on, caches off. */
export function createSubject(endpoint) {
  const ecr = createEcrClient({
    region: "us-east-1",
    endpoint,
    auth: { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" },
  });
  return async () => (await ecr.call("DescribeRepositories", {})).repositories.length;
}
