import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answer, answering, inputOf, scripted } from "../../test/fixtures/scripted-transport.js";

const page = (names: readonly string[], nextToken?: string) =>
  answer({ repositories: names.map((repositoryName) => ({ repositoryName })), ...(nextToken && { nextToken }) });
const names = (items: readonly { readonly repositoryName: string }[]) => items.map((item) => item.repositoryName);

/** Three pages: a b, nothing, c. */
const pages = () =>
  answering((request) => {
    const { nextToken } = inputOf(request);
    if (nextToken === undefined) return page(["a", "b"], "1");
    return nextToken === "1" ? page([], "2") : page(["c"]);
  });

describe("a listing", () => {
  it("asks for nothing until it is read", () => {
    const transport = pages();
    clientOver(transport).ecr.repositories.list();
    expect(transport.requests).toEqual([]);
  });

  it("gives every item, over empty pages too", async () => {
    expect(names(await clientOver(pages()).ecr.repositories.list().all())).toEqual(["a", "b", "c"]);
  });

  it("fetches no page before it is needed", async () => {
    const transport = pages();
    for await (const { repositoryName } of clientOver(transport).ecr.repositories.list())
      if (repositoryName === "b") break;
    expect(transport.requests).toHaveLength(1);
  });

  it("gives pages as they come", async () => {
    const seen: string[][] = [];
    for await (const items of clientOver(pages()).ecr.repositories.list().pages()) seen.push(names(items));
    expect(seen).toEqual([["a", "b"], [], ["c"]]);
  });

  it("starts anew each time it is read", async () => {
    const list = clientOver(pages()).ecr.repositories.list();
    expect(names(await list.all())).toEqual(names(await list.all()));
  });

  it("asks for 1,000 items at a time unless told otherwise", async () => {
    const transport = answering(() => answer({ repositories: [], imageIds: [] }));
    const { ecr } = clientOver(transport);
    await ecr.repositories.list().all();
    await ecr.images.list("app", {}, { pageSize: 7 }).all();
    expect(transport.inputs.map(({ maxResults }) => maxResults)).toEqual([1_000, 7]);
  });

  it("leaves out repositories without the prefix", async () => {
    const { ecr } = clientOver(scripted(page(["team/a", "other/b", "team/c"])));
    expect(names(await ecr.repositories.list({ prefix: "team/" }).all())).toEqual(["team/a", "team/c"]);
  });

  it("ends with an error when the service would page in a circle", async () => {
    const { ecr } = clientOver(answering(() => page(["a"], "same")));
    expect(await rejection(ecr.repositories.list().all())).toMatchObject({ kind: "InvalidResponse" });
  });

  it("is not empty because the endpoint answers something else", async () => {
    const { ecr } = clientOver(answering(() => answer({})));
    for (const call of [ecr.repositories.list().all(), ecr.images.list("app").all(), ecr.images.describe("app")])
      expect(await rejection(call)).toMatchObject({ kind: "InvalidResponse" });
  });

  it("counts only the time it waits for pages, not its reader's", async () => {
    const transport = answering(async (request, { requestTimeout }) => {
      if ((requestTimeout ?? 0) < 400) throw Object.assign(new Error("late"), { name: "TimeoutError" });
      await time.sleep(400);
      const nextToken = Number(inputOf(request)["nextToken"] ?? 0) + 1;
      return page([`r${nextToken}`], String(nextToken));
    });
    const { ecr, time } = clientOver(transport, { retry: false });
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { repositoryName } of ecr.repositories.list({}, { timeoutMs: 1_000 })) {
        seen.push(repositoryName);
        await time.sleep(60_000);
      }
    };
    expect(await rejection(read())).toMatchObject({ kind: "Timeout" });
    expect(seen).toEqual(["r1", "r2"]);
  });

  it.each([
    [{ pageSize: 0 }, "pageSize must be an integer from 1 to 1000, got 0"],
    [{ pageSize: 1_001 }, "pageSize must be an integer from 1 to 1000, got 1001"],
    [{ timeoutMs: -1 }, "timeoutMs must be a number of milliseconds"],
  ])("refuses %j", (options, message) => {
    const { ecr } = clientOver(scripted());
    expect(() => ecr.repositories.list({}, options)).toThrow(message);
  });
});
