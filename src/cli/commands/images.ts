import { type Command, Option } from "commander";
import type { DescribeImagesFilter, ImageDetail } from "../../protocol/ecr/images.js";
import { formatBytes, formatTime } from "../format.js";
import { parseRepositoryArgument } from "../image-argument.js";
import type { Column } from "../output.js";
import { type ConnectionFlags, connectionFlags, withSession } from "../session.js";
import type { Terminal } from "../terminal.js";

const columns: readonly Column<ImageDetail>[] = [
  { heading: "TAGS", value: ({ imageTags = [] }) => imageTags.join(", ") || "-", shrinks: true },
  { heading: "DIGEST", value: ({ imageDigest }) => imageDigest, shrinks: true },
  { heading: "SIZE", value: ({ imageSizeInBytes }) => formatBytes(imageSizeInBytes), align: "right" },
  { heading: "PUSHED", value: ({ imagePushedAt }) => formatTime(imagePushedAt) },
];

interface ImagesFlags extends ConnectionFlags {
  readonly tagged?: true;
  readonly untagged?: true;
}

/** `ecrkit images`: the images of a repository, the last pushed first. */
export function declareImages(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description("Lists the images of a repository, the last pushed first.")
    .argument("<repository>", "its name, or its whole URI")
    .addOption(new Option("--tagged", "only those with a tag").conflicts("untagged"))
    .option("--untagged", "only those without a tag")
    .addHelpText("after", "\nExamples:\n  ecrkit images team/app\n  ecrkit images team/app --untagged --output ndjson")
    .action((name: string, flags: ImagesFlags) => {
      const { repositoryName, place } = parseRepositoryArgument(name);
      return withSession(flags, terminal, place, async ({ ecr, output, signal }) => {
        const images: ImageDetail[] = [];
        const filter = filterOf(flags);
        for await (const image of ecr.images.describe(repositoryName, undefined, { signal, filter })) {
          images.push(image);
          if (images.length % 100 === 0) output.progress(`${images.length} images`);
        }
        images.sort((a, b) => (b.imagePushedAt?.getTime() ?? 0) - (a.imagePushedAt?.getTime() ?? 0));
        output.list(images, columns, `no images in ${repositoryName}`);
      });
    });
}

function filterOf({ tagged, untagged }: ImagesFlags): DescribeImagesFilter | undefined {
  if (tagged) return { tagStatus: "TAGGED" };
  return untagged ? { tagStatus: "UNTAGGED" } : undefined;
}
