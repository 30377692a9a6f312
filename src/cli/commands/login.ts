import { type Command, Option } from "commander";
import type { LoginTool } from "../../client/login-command.js";
import { formatTime } from "../format.js";
import { loginTools, plainHttpFlags, runLogin, shellLine } from "../login-tool.js";
import { type ConnectionFlags, connectionFlags, withSession } from "../session.js";
import type { Terminal } from "../terminal.js";

interface LoginFlags extends ConnectionFlags {
  readonly tool: LoginTool;
  readonly print?: true;
}

const HELP = `
The password goes to the tool's stdin, never onto a command line.

Examples:
  ecrkit login
  ecrkit login --tool skopeo --endpoint-url http://localhost:4580
  ecrkit login --tool helm --print`;

/** `ecrkit login`: another tool's own login, with a fresh password on its stdin. */
export function declareLogin(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description("Logs another tool in to a registry, by the tool's own login command.")
    .addOption(new Option("--tool <name>", "the tool").choices(loginTools).default("docker"))
    .option("--print", "print the command line instead of running it")
    .addHelpText("after", HELP)
    .action((flags: LoginFlags) =>
      withSession(flags, terminal, {}, async ({ ecr, output, signal }) => {
        const { command: tool, args, stdin } = await ecr.auth.loginCommand({ tool: flags.tool, signal });
        const { registry, username, expiresAt } = await ecr.auth.credentials({ signal });
        const { proxyEndpoint } = await ecr.auth.token({ signal });
        const plainHttp = proxyEndpoint.startsWith("http:") ? plainHttpFlags[tool] : [];
        // Before the registry, which is the last argument: buildah takes no flag after it. observed: buildah 1.28
        const line = [tool, ...args.slice(0, -1), ...plainHttp, registry] as const;
        const shown = { tool, registry, username, expiresAt, command: line };
        if (flags.print) return output.one(shown, () => [`${tokenLine(flags)} | ${shellLine(line)}`]);
        await runLogin(line, stdin, { env: terminal.env, signal });
        output.one(shown, () => [`${tool} is logged in to ${registry} until ${formatTime(expiresAt)}`]);
      }),
    );
}

/** The `ecrkit token` that gives the same password. */
function tokenLine({ region, profile, endpointUrl, registryId }: ConnectionFlags): string {
  const flags = Object.entries({
    "--region": region,
    "--profile": profile,
    "--endpoint-url": endpointUrl,
    "--registry-id": registryId,
  });
  return shellLine([
    "ecrkit",
    "token",
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ]);
}
