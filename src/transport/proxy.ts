import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import type { SecureContext } from "node:tls";
import { EcrError } from "../errors.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives the proxy for a URL, credentials included; undefined for one that is reached straight. */
export type ProxyFor = (url: string) => string | undefined;

const VARIABLES = ["http_proxy", "https_proxy", "all_proxy"] as const;

/** Whether the environment names a proxy at all: where it does not, nothing is loaded. */
export const namesProxy = (env: Environment): boolean => VARIABLES.some((name) => env[name] || env[name.toUpperCase()]);

/**
 * What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in small letters or capitals, as curl and the AWS CLI read them.
 * The library reads them out of the process's own environment.
 */
export async function loadProxyFor(): Promise<ProxyFor> {
  const { getProxyForUrl } = await import("proxy-from-env");
  return (url) => getProxyForUrl(url) || undefined;
}

/** An agent that goes through a proxy: by CONNECT to https targets, by whole URLs to http ones. */
export async function proxyAgent(protocol: string, proxy: string): Promise<Agent> {
  const url = proxyUrl(proxy);
  if (protocol === "http:") return new (await import("http-proxy-agent")).HttpProxyAgent(url, { keepAlive: true });
  return new (await import("https-proxy-agent")).HttpsProxyAgent(url, { keepAlive: true });
}

/** @throws {EcrError} kind `InvalidParameter`, without the URL: it may carry a login */
export function proxyUrl(proxy: string): URL {
  if (URL.canParse(proxy)) {
    const url = new URL(proxy);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  }
  throw new EcrError(
    "the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is no http or https URL",
    {
      kind: "InvalidParameter",
    },
  );
}

/**
 * The certificates that `AWS_CA_BUNDLE` names, in place of those that Node trusts. documented: AWS SDKs reference guide, `ca_bundle`.
 * @throws {EcrError} kind `InvalidParameter` when the file cannot be read or holds no certificate
 */
export function certificateBundle(env: Environment): SecureContext | undefined {
  const file = env["AWS_CA_BUNDLE"];
  if (!file) return undefined;
  try {
    const ca = readFileSync(file, "utf8");
    if (!ca.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate in PEM");
    return process.getBuiltinModule("node:tls").createSecureContext({ ca });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new EcrError(`AWS_CA_BUNDLE names ${file}, which cannot be used: ${problem}`, {
      kind: "InvalidParameter",
      cause,
    });
  }
}
