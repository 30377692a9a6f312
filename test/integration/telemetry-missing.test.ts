import { afterEach, expect, it, vi } from "vitest";
import { clientOver } from "../fixtures/scripted-client.js";
import { answer, answering } from "../fixtures/scripted-transport.js";

vi.mock("@opentelemetry/api", () => {
  throw new Error("Cannot find package '@opentelemetry/api'");
});

const registry = globalThis as Record<symbol, unknown>;
const REGISTERED = Symbol.for("opentelemetry.js.api.1");
afterEach(() => {
  delete registry[REGISTERED];
});

it("an SDK whose API cannot be found from ecrkit is told of once, and the calls go on", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  registry[REGISTERED] = { version: "1.9.1", trace: {}, metrics: {} };
  const transport = answering(() => answer({ repositories: [] }));
  for (let clients = 0; clients < 2; clients++) {
    const { repositories } = await clientOver(transport).ecr.call("DescribeRepositories", {});
    expect(repositories).toEqual([]);
  }
  const told = warned.mock.calls.map(([message]) => String(message));
  warned.mockRestore();
  expect(told).toEqual([
    expect.stringMatching(/the package @opentelemetry\/api is not to be found from ecrkit.*npm install/),
  ]);
});
