import { account, region } from "./aws-environment.js";

const prefix = "AmazonEC2ContainerRegistry_V20150921";

/** One operation of the control plane by plain HTTP. Its signature is of no worth: a local ECR is open to any key. */
export async function ecrCall<Output>(url: string, operation: string, input: object): Promise<Output> {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const response = await fetch(`${url}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${prefix}.${operation}`,
      "x-amz-date": now,
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/${now.slice(0, 8)}/${region}/ecr/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Output;
}

/** The `Authorization` header that docker and skopeo send to `/v2`. */
export async function loginHeader(url: string): Promise<string> {
  const answer = await ecrCall<{ authorizationData: [{ authorizationToken: string }] }>(
    url,
    "GetAuthorizationToken",
    {},
  );
  return `Basic ${answer.authorizationData[0].authorizationToken}`;
}
