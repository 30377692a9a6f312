import type { Command } from "commander";
import { isTag } from "../../image/repository-name.js";
import { UsageError } from "../exit-code.js";
import { parseImageArgument } from "../image-argument.js";
import { type ConnectionFlags, connectionFlags, withSession } from "../session.js";
import type { Terminal } from "../terminal.js";

/** `ecrkit tag`: another tag for an image that is there, byte for byte the same manifest. */
export function declareTag(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description(
      "Gives an image another tag. Nothing is pulled or pushed; a tag that the image has already is no error.",
    )
    .argument("<image>", "repository:tag or repository@digest, or its whole URI")
    .argument("<tag>", "the tag that it shall have too")
    .addHelpText("after", "\nExample:\n  ecrkit tag team/app:v1.4.2 stable")
    .action((text: string, tag: string, flags: ConnectionFlags) => {
      const { repositoryName, imageId, place } = parseImageArgument(text);
      if (!isTag(tag))
        throw new UsageError(
          `"${tag}" is no tag: a tag is 1 to 128 letters, digits, "_", "." and "-", and starts with a letter, a digit or "_"`,
        );
      return withSession(flags, terminal, place, async ({ ecr, output, signal }) => {
        const image = await ecr.images.putTag(repositoryName, imageId, tag, { signal });
        const { imageManifest: _bytes, ...shown } = image;
        output.one(shown, () => [`${repositoryName}:${tag} is ${image.imageId.imageDigest}`]);
      });
    });
}
