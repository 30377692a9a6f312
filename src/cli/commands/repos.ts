import type { Command } from "commander";
import type { Repository } from "../../protocol/ecr/repositories.js";
import { formatTime } from "../format.js";
import { parseRepositoryArgument } from "../image-argument.js";
import type { Column } from "../output.js";
import { type ConnectionFlags, connectionFlags, withSession } from "../session.js";
import type { Terminal } from "../terminal.js";

const columns: readonly Column<Repository>[] = [
  { heading: "REPOSITORY", value: ({ repositoryName }) => repositoryName, shrinks: true },
  { heading: "TAGS", value: ({ imageTagMutability }) => imageTagMutability.toLowerCase().replaceAll("_", " ") },
  { heading: "CREATED", value: ({ createdAt }) => formatTime(createdAt) },
  { heading: "URI", value: ({ repositoryUri }) => repositoryUri, shrinks: true },
];

/** `ecrkit repos`: list, create and delete repositories. */
export function declareRepos(command: Command, terminal: Terminal): void {
  command.description("Lists, creates and deletes repositories. Without a command of its own it lists.");
  declareList(command.command("list", { isDefault: true }), terminal);
  declareCreate(command.command("create"), terminal);
  declareDelete(command.command("delete"), terminal);
}

interface ListFlags extends ConnectionFlags {
  readonly prefix: string;
}

function declareList(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description("Lists the repositories of a registry by name.")
    .option("--prefix <text>", "only those whose name begins with it", "")
    .addHelpText("after", "\nExample:\n  ecrkit repos list --prefix team/ --region eu-west-1")
    .action(({ prefix, ...flags }: ListFlags) =>
      withSession(flags, terminal, {}, async ({ ecr, output, signal }) => {
        const repositories: Repository[] = [];
        for await (const repository of ecr.repositories.list({ prefix }, { signal })) {
          repositories.push(repository);
          if (repositories.length % 100 === 0) output.progress(`${repositories.length} repositories`);
        }
        repositories.sort((a, b) => (a.repositoryName < b.repositoryName ? -1 : 1));
        output.list(repositories, columns, "no repositories; ecrkit repos create NAME makes one");
      }),
    );
}

interface CreateFlags extends ConnectionFlags {
  readonly immutable?: true;
  readonly scanOnPush?: true;
}

function declareCreate(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description("Creates a repository.")
    .argument("<name>", "its name, such as team/app")
    .option("--immutable", "refuse to move a tag to another image")
    .option("--scan-on-push", "scan every image when it is pushed")
    .addHelpText("after", "\nExample:\n  ecrkit repos create team/app --immutable")
    .action((name: string, flags: CreateFlags) => {
      const { repositoryName, place } = parseRepositoryArgument(name);
      return withSession(flags, terminal, place, async ({ ecr, registry, output, signal }) => {
        const { repository } = await ecr.call(
          "CreateRepository",
          {
            ...registry,
            repositoryName,
            ...(flags.immutable ? { imageTagMutability: "IMMUTABLE" } : {}),
            ...(flags.scanOnPush ? { imageScanningConfiguration: { scanOnPush: true } } : {}),
          },
          { signal },
        );
        output.one(repository, (paper) => [paper.table([repository], columns)]);
      });
    });
}

interface DeleteFlags extends ConnectionFlags {
  readonly force?: true;
}

function declareDelete(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description("Deletes a repository. One with images is deleted only with --force, and its images with it.")
    .argument("<name>", "its name, or its whole URI")
    .option("--force", "delete it with the images in it")
    .addHelpText("after", "\nExample:\n  ecrkit repos delete team/app --force")
    .action((name: string, flags: DeleteFlags) => {
      const { repositoryName, place } = parseRepositoryArgument(name);
      return withSession(flags, terminal, place, async ({ ecr, registry, output, signal }) => {
        const input = { ...registry, repositoryName, force: flags.force === true };
        const { repository } = await ecr.call("DeleteRepository", input, { signal });
        output.one(repository, () => [`deleted ${repository.repositoryUri}`]);
      });
    });
}
