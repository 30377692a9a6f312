import { isIP } from "node:net";

/**
 * Whether a Host names this server as its user does: by an address, as `localhost` or below it, or by the public host, in which `{account}`,
 * `{region}` and `{port}` stand for any. Any other name may belong to a page in a browser whose name was pointed here (DNS rebinding).
 */
export function isOwnHost(host: string, publicHost: string | undefined): boolean {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  if (isIP(host) !== 0 || isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0) return true;
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return publicHost !== undefined && namePattern(publicHost).test(name);
}

const namePattern = (publicHost: string): RegExp =>
  new RegExp(
    `^${publicHost
      .replace(/:.*$/, "")
      .replaceAll(".", "\\.")
      .replaceAll("{account}", "\\d{12}")
      .replaceAll("{region}", "[a-z0-9-]+")}$`,
    "i",
  );
