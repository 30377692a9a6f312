import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answer, answering, refusal, scripted } from "../../test/fixtures/scripted-transport.js";
import { manualTime } from "../time.js";
import { LARGEST_ANSWER_BYTES } from "../transport/wire-answer.js";

const REPOSITORIES = answer({ repositories: [] });
const HANG = () => new Promise<never>(() => undefined);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The page of a gateway that begins and never ends. */
const endless = (onRead: () => void = () => undefined): Readable => {
  const body = new Readable({ read: onRead });
  body.push("<html>");
  return body;
};
const page = (body: Readable) => ({ statusCode: 200, headers: { "content-type": "text/html" }, body });

describe("an answer whose body does not end", () => {
  it("is a timeout when the attempt's time is over, and its stream is ended", async () => {
    const time = manualTime({ random: () => 1 });
    const body = endless();
    const { ecr } = clientOver(scripted(page(body)), { time, retry: false, requestTimeoutMs: 5_000 });
    const outcome = rejection(ecr.call("CreateRepository", { repositoryName: "app" }));
    await turn();
    await time.advance(4_999);
    expect(body.destroyed).toBe(false);
    await time.advance(1);
    expect(await outcome).toMatchObject({
      kind: "Timeout",
      attempts: 1,
      ambiguous: true,
      message: expect.stringContaining("the answer began, but did not come to its end in time."),
    });
    expect(body.destroyed).toBe(true);
  });

  it("is tried again as any timeout", async () => {
    const time = manualTime({ random: () => 1 });
    const { ecr } = clientOver(scripted(page(endless()), REPOSITORIES), { time });
    const call = ecr.call("DescribeRepositories", {});
    await turn();
    await time.advance(30_000);
    await time.advance(100);
    expect(await call).toEqual({ repositories: [] });
  });

  it("is given no more time than the call has left", async () => {
    const time = manualTime();
    const { ecr } = clientOver(scripted(page(endless())), { time });
    const outcome = rejection(ecr.call("DescribeRepositories", {}, { timeoutMs: 1_000 }));
    await turn();
    await time.advance(1_000);
    expect(await outcome).toMatchObject({ kind: "Timeout", attempts: 1 });
  });

  it("ends with the caller's signal, whatever the stream does about it", async () => {
    const abort = new AbortController();
    // In the next turn, for whoever begins to read is not yet waiting for more.
    const body = endless(() => setImmediate(() => abort.abort("enough")));
    const time = manualTime();
    const { ecr } = clientOver(scripted(page(body)), { time });
    const outcome = rejection(ecr.call("DescribeRepositories", {}, { signal: abort.signal }));
    expect(await outcome).toMatchObject({ kind: "Aborted", cause: "enough" });
    expect(body.destroyed).toBe(true);
  });

  it("is no more than 64 MiB of memory", async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    let read = 0;
    const body = new Readable({
      read() {
        read += chunk.length;
        this.push(chunk);
      },
    });
    const transport = answering(() => page(body));
    expect(await rejection(clientOver(transport).ecr.call("DescribeRepositories", {}))).toMatchObject({
      kind: "InvalidResponse",
      operation: "DescribeRepositories",
      message: expect.stringContaining("the answer is larger than 67108864 bytes"),
    });
    expect([body.destroyed, transport.requests.length]).toEqual([true, 1]);
    expect(read).toBeLessThanOrEqual(LARGEST_ANSWER_BYTES + 2 * chunk.length);
  });
});

describe("timeoutMs", () => {
  it("bounds the wait for credentials", async () => {
    const time = manualTime();
    const transport = scripted();
    const { ecr } = clientOver(transport, { time, auth: { kind: "provider", provide: HANG } });
    const outcome = rejection(ecr.call("DescribeRepositories", {}, { timeoutMs: 1_000 }));
    await time.advance(999);
    await time.advance(1);
    expect(await outcome).toMatchObject({ kind: "Timeout", operation: "DescribeRepositories", attempts: 0 });
    expect(transport.requests).toEqual([]);
  });

  it("bounds the wait for credentials in place of refused ones", async () => {
    const time = manualTime();
    let asked = 0;
    const provide = () => (asked++ === 0 ? Promise.resolve({ accessKeyId: "A", secretAccessKey: "s" }) : HANG());
    const transport = answering(() => refusal("ExpiredTokenException"));
    const { ecr } = clientOver(transport, { time, auth: { kind: "provider", provide } });
    const outcome = rejection(ecr.call("DescribeRepositories", {}, { timeoutMs: 1_000 }));
    await turn();
    await time.advance(1_000);
    expect(await outcome).toMatchObject({ kind: "Timeout", attempts: 1 });
    expect(transport.requests).toHaveLength(1);
  });

  it("moves no clock while what is waited for is at hand", async () => {
    const { ecr, time } = clientOver(scripted(REPOSITORIES));
    await ecr.call("DescribeRepositories", {}, { timeoutMs: 1_000 });
    expect(time.slept).toEqual([]);
  });
});
