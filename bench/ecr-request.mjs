const account = "123456789012";

/** The headers of a signed request as both servers take it: neither checks the signature. */
export function signedHeaders(operation) {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
    "x-amz-date": date,
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/${date.slice(0, 8)}/us-east-1/ecr/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
  };
}

/** One operation of the control plane, to prepare a server. */
export async function ecrCall(url, operation, input) {
  const response = await fetch(`${url}/`, {
    method: "POST",
    headers: signedHeaders(operation),
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} at ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
