import type { HttpRequest, HttpResponse } from "../transport/transport.js";

/** A response whose body is text, with its length. */
export function textAnswer(
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): HttpResponse & { readonly body: Uint8Array } {
  const body = Buffer.from(text);
  return { statusCode, headers: { ...headers, "content-length": String(body.byteLength) }, body };
}

/** A response without a body. A 204 and a 304 must not announce a length. documented: RFC 9110 8.6. */
export const emptyAnswer = (statusCode: number, headers: Readonly<Record<string, string>>): HttpResponse => ({
  statusCode,
  headers: statusCode === 204 || statusCode === 304 ? headers : { ...headers, "content-length": "0" },
});

/** The answer to what no service here has. */
export const notFound = ({ method, path }: HttpRequest): HttpResponse =>
  textAnswer(404, { "content-type": "text/plain; charset=utf-8" }, `the local ECR has no ${method} ${path}\n`);
