import type { HttpRequest } from "../transport/transport.js";

/** The request with its header names in lower case. */
export function withLowerCaseHeaders(request: HttpRequest): HttpRequest {
  const names = Object.keys(request.headers);
  if (names.every((name) => name === name.toLowerCase())) return request;
  const headers: Record<string, string> = {};
  for (const name of names) headers[name.toLowerCase()] = request.headers[name] ?? "";
  return { ...request, headers };
}

/** The one value of a query parameter, its first if it is repeated. */
export function queryValue({ query }: HttpRequest, name: string): string | undefined {
  const value = query?.[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : value[0];
}

/** Host and port as the client wrote them. */
export const hostOf = ({ headers, hostname, port }: HttpRequest): string =>
  headers["host"] ?? (port === undefined ? hostname : `${hostname}:${port}`);

/** The origin that the client reaches this server under: a link that begins with it resolves from wherever the client is. */
export const originOf = (request: HttpRequest): string => `${request.protocol}//${hostOf(request)}`;
