import { EcrError } from "../errors.js";
import type { Secret } from "../secret.js";
import { shown } from "./shown.js";

/** The arguments with which each tool takes a login, all of them with the password on standard input. documented: the tools' manuals. */
const LOGIN_ARGUMENTS = {
  docker: ["login", "--username"],
  podman: ["login", "--username"],
  nerdctl: ["login", "--username"],
  buildah: ["login", "--username"],
  skopeo: ["login", "--username"],
  oras: ["login", "--username"],
  crane: ["auth", "login", "--username"],
  helm: ["registry", "login", "--username"],
} as const;

/** A tool that can be logged in to a registry. */
export type LoginTool = keyof typeof LOGIN_ARGUMENTS;

/** A command that logs a tool in. The password must be written to its standard input. */
export interface LoginCommand {
  readonly command: LoginTool;
  /** Without the password, which every user of the machine could read there. */
  readonly args: readonly string[];
  /** The password, for the command's standard input. */
  readonly stdin: Secret;
  /** The command as one line, to be shown. */
  readonly display: string;
}

/** Refuses a tool that is not known. */
export function requireTool(tool: LoginTool): void {
  if (Object.hasOwn(LOGIN_ARGUMENTS, tool)) return;
  const known = Object.keys(LOGIN_ARGUMENTS).join(", ");
  throw new EcrError(`tool must be one of ${known}, got ${shown(tool)}`, { kind: "InvalidParameter" });
}

/** The command that logs `tool` in. */
export function loginCommand(
  tool: LoginTool,
  { registry, username, password }: { readonly registry: string; readonly username: string; readonly password: Secret },
): LoginCommand {
  const args = [...LOGIN_ARGUMENTS[tool], username, "--password-stdin", registry];
  return { command: tool, args, stdin: password, display: [tool, ...args].join(" ") };
}
