import { clientPath } from "./clients.js";
import { output } from "./command.js";

/** What a user does with skopeo, who keeps logins in the file `authfile`. */
export interface Skopeo {
  /** `skopeo copy` of what is given, flags and places, over plain HTTP. */
  copy(...args: readonly string[]): Promise<string>;
  /** `COMMAND | skopeo login`, where the shell command prints the password. */
  login(host: string, command: string): Promise<string>;
}

export const skopeo = (authfile: string, env: NodeJS.ProcessEnv): Skopeo => ({
  copy: (...args) =>
    output(
      clientPath("skopeo"),
      [
        ...["--insecure-policy", "copy", "--authfile", authfile],
        ...["--src-tls-verify=false", "--dest-tls-verify=false"],
        ...args,
      ],
      env,
    ),
  login: (host, command) =>
    output(
      "bash",
      [
        ...["-o", "pipefail", "-c"],
        `${command} | "$0" login --authfile "$1" --tls-verify=false --username AWS --password-stdin "$2"`,
        ...[clientPath("skopeo"), authfile, host],
      ],
      env,
    ),
});
