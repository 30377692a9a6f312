import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

/** Where `scripts/clients.sh` puts a client. Debian's aws comes first: a Python shim of another CLI may be on the PATH. */
const places: Readonly<Record<ClientName, readonly string[]>> = {
  aws: ["/usr/bin/aws"],
  boto3: [join(process.cwd(), ".clients/venv/bin/python")],
  moto_server: [join(process.cwd(), ".clients/venv/bin/moto_server")],
  skopeo: onPath("skopeo"),
  buildah: onPath("buildah"),
  podman: onPath("podman"),
  docker: asRoot(["dockerd", "docker"]),
  containerd: asRoot(["containerd", "ctr"]),
  crane: [goProgram("crane")],
  oras: [goProgram("oras")],
  regctl: [goProgram("regctl")],
};

export type ClientName =
  | ("aws" | "boto3" | "moto_server" | "skopeo" | "buildah" | "podman")
  | ("docker" | "containerd" | "crane" | "oras" | "regctl");

/** The path of an installed client's program; its bare name when it is missing, so that running it says so. */
export const clientPath = (name: ClientName): string => places[name].find(isProgram) ?? name;

/** Those of the clients that could not be installed. */
export const missingClients = (names: readonly ClientName[]): readonly ClientName[] =>
  names.filter((name) => !places[name].some(isProgram));

/** Tests that need real clients. Where one could not be installed they are skipped, and the title names it. */
export function describeWith(names: readonly ClientName[], title: string, tests: () => void): void {
  const missing = missingClients(names);
  if (missing.length === 0) describe(title, tests);
  else describe.skip(`${title} [skipped: ${missing.join(" and ")} not to be had here]`, tests);
}

function goProgram(name: string): string {
  return join(process.cwd(), ".clients/go/bin", name);
}

function onPath(program: string): readonly string[] {
  const { PATH = "" } = process.env;
  return PATH.split(delimiter).map((folder) => join(folder, program));
}

/** A client whose daemon the tests start themselves, which takes root. */
function asRoot([daemon, client]: readonly [string, string]): readonly string[] {
  return process.getuid?.() === 0 && onPath(daemon).some(isProgram) ? onPath(client) : [];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
