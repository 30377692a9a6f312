import { createClient } from "../client.js";
import type { Server } from "../server.js";
import { SMUGGLED } from "./framing.js";
import { ATTACKED, createWorld, requireGood, type World } from "./world.js";

/** What a server holds at a moment. */
export interface Held {
  /** Objects and buffers in use. */
  readonly usedBytes: number;
  readonly residentBytes: number;
  readonly openFiles: number;
}

export const held = async (server: Server): Promise<Held> => ({
  ...(await server.memory()),
  openFiles: server.openFiles(),
});

/** What the server holds when nobody is there, and the registry is as it was at the beginning. */
export async function atRest(server: Server, secret: string): Promise<{ readonly world: World; readonly held: Held }> {
  const world = await createWorld(server.port, secret);
  await requireGood(server.port);
  return { world, held: await held(server) };
}

/** Waits for a condition, and no longer than that: whether it came is for the caller to look at. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Whether a request that was hidden in the body of another was taken for one. */
export async function wasSmuggledInto({ port }: Server): Promise<boolean> {
  const client = createClient(port, ATTACKED);
  try {
    const { repositories } = await client.call<{ repositories: readonly { readonly repositoryName: string }[] }>(
      "DescribeRepositories",
      {},
    );
    return repositories.some(({ repositoryName }) => repositoryName === SMUGGLED);
  } finally {
    client.close();
  }
}
