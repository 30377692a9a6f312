import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";

/** The same call by the bare AWS SDK with its stock handler. */
export function createSubject(endpoint) {
  const client = new ECRClient({
    region: "us-east-1",
    endpoint,
    credentials: { accessKeyId: "123456789012", secretAccessKey: "any" },
  });
  return async () => (await client.send(new DescribeRepositoriesCommand({}))).repositories.length;
}
