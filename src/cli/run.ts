import { Command, CommanderError } from "commander";
import { version } from "../version.js";
import { report, UsageError } from "./exit-code.js";
import type { Terminal } from "./terminal.js";

/** Says what a command takes and does; called once, when its command is to be run. */
type Declare = (command: Command, terminal: Terminal) => void;

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Declare>;
}

/** Every command, in the order of the help. */
const entries: readonly Entry[] = [
  {
    name: "local",
    summary: "run a local ECR that aws, docker, skopeo and SDKs can use",
    load: async () => (await import("./commands/local.js")).declareLocal,
  },
  {
    name: "repos",
    summary: "list, create and delete repositories",
    load: async () => (await import("./commands/repos.js")).declareRepos,
  },
  {
    name: "images",
    summary: "list the images of a repository",
    load: async () => (await import("./commands/images.js")).declareImages,
  },
  {
    name: "inspect",
    summary: "show an image's manifest: platforms, layers and configuration",
    load: async () => (await import("./commands/inspect.js")).declareInspect,
  },
  {
    name: "tag",
    summary: "give an image another tag",
    load: async () => (await import("./commands/tag.js")).declareTag,
  },
  {
    name: "login",
    summary: "log docker, podman, skopeo or another tool in to a registry",
    load: async () => (await import("./commands/login.js")).declareLogin,
  },
  {
    name: "token",
    summary: "print a registry password, good for 12 hours",
    load: async () => (await import("./commands/token.js")).declareToken,
  },
];

const EXIT_CODES = `
Exit codes: 0 done, 1 unexpected failure, 2 wrong command line, 3 refused or not found, 4 credentials or rights, 5 try again later.`;

/** Runs one command line, the name of the program left out, and gives the exit code. Nothing of the process itself is touched. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(helpAsked(argv), { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, terminal);
    return error.exitCode === 0 ? 0 : report(usageErrorOf(error), terminal);
  }
}

/** `ecrkit help repos` is `ecrkit repos --help`: commander's own help command does not wait for a command to be loaded. */
const helpAsked = ([first, ...rest]: readonly string[]): string[] =>
  first === "help" ? [...rest, "--help"] : first === undefined ? [] : [first, ...rest];

function createProgram(terminal: Terminal): Command {
  const program = new Command("ecrkit")
    .description("Amazon ECR from the command line, and a local ECR.")
    .version(version, "-V, --version")
    .helpCommand("help [command]", "show the help of a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      // Said by `report`, once and on one line.
      outputError: () => {},
      getOutHelpWidth: () => terminal.stdout.columns ?? 80,
      getErrHelpWidth: () => terminal.stderr.columns ?? 80,
    })
    .addHelpText("after", EXIT_CODES);
  for (const { name, summary } of entries) program.command(name).summary(summary).description(summary);
  return program.hook("preSubcommand", async (_program, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    if (entry !== undefined) (await entry.load())(command, terminal);
  });
}

function usageErrorOf(error: CommanderError): UsageError {
  if (error.code === "commander.help") return new UsageError("no command was given; the commands are listed above");
  const message = error.message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
  return new UsageError(`${message}; see "ecrkit --help" or "ecrkit COMMAND --help"`);
}
