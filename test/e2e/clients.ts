import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

/** Where `scripts/clients.sh` puts a client. Debian's aws comes first: a Python shim of another CLI may be on the PATH. */
const places: Readonly<Record<ClientName, readonly string[]>> = {
  aws: ["/usr/bin/aws"],
  skopeo: onPath("skopeo"),
  boto3: [join(process.cwd(), ".clients/venv/bin/python")],
};

export type ClientName = "aws" | "skopeo" | "boto3";

/** The path of an installed client's program; its bare name when it is missing, so that running it says so. */
export const clientPath = (name: ClientName): string => places[name].find(isProgram) ?? name;

/** Tests that need real clients. Where one could not be installed they are skipped, and the title names it. */
export function describeWith(names: readonly ClientName[], title: string, tests: () => void): void {
  const missing = names.filter((name) => !places[name].some(isProgram));
  if (missing.length === 0) describe(title, tests);
  else describe.skip(`${title} [skipped: ${missing.join(" and ")} not installed]`, tests);
}

function onPath(program: string): string[] {
  const { PATH = "" } = process.env;
  return PATH.split(delimiter).map((folder) => join(folder, program));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
