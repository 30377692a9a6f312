import type { Command } from "commander";
import { type ConnectionFlags, connectionFlags, withSession } from "../session.js";
import type { Terminal } from "../terminal.js";

/** `ecrkit token`: a password for a registry, for tools that read one from stdin. */
export function declareToken(command: Command, terminal: Terminal): void {
  connectionFlags(command)
    .description(
      "Prints a password for the user AWS of a registry; with --output json also where and until when it is good.",
    )
    .addHelpText(
      "after",
      "\nExample:\n  ecrkit token | skopeo login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com",
    )
    .action((flags: ConnectionFlags) =>
      withSession(flags, terminal, {}, async ({ ecr, output, signal }) => {
        const { registry, username, password, expiresAt } = await ecr.auth.credentials({ signal });
        // The one place where a secret is meant to leave: it was asked for.
        const shown = { registry, username, password: password.reveal(), expiresAt };
        output.one(shown, () => [shown.password]);
      }),
    );
}
