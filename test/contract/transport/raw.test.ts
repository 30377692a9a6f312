import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOORS, type Door, jsonCall, login, type RawAnswer } from "./doors.js";
import { CONTROL_PLANE, DATA_PLANE, type RawExchange } from "./raw-requests.js";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const masked = (text: string): string => text.replace(UUID, "UUID");

/** What an answer says, without what is drawn by lot. */
const comparable = ({ status, headers, body }: RawAnswer): object => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, masked(value)])),
  body: masked(body.toString("latin1")),
});

/** Answers by door, in the order of the tables, for the comparison at the end. */
const answers = new Map<string, object[]>();

describe.each(DOORS.map((open) => [open.name, open] as const))("%s", (name, open) => {
  let door: Door;
  let token: Record<string, string>;
  beforeAll(async () => {
    door = await open();
    token = await login(door);
    await door.send(jsonCall("CreateRepository", { repositoryName: "team/app" }));
    answers.set(name, []);
  });
  afterAll(() => door.close());

  const check = async ({ ask, login: how = "token", status, headers, body }: RawExchange): Promise<void> => {
    const isCall = ask.headers?.["x-amz-target"] !== undefined;
    const answer = await door.send({
      ...ask,
      headers: { ...(how === "token" && !isCall ? token : {}), ...ask.headers },
    });
    const seen = comparable(answer) as { status: number; headers: Record<string, string>; body: string };
    answers.get(name)?.push(seen);
    expect(seen.status).toBe(status);
    for (const [header, value] of Object.entries(headers ?? {}))
      if (value instanceof RegExp) expect(seen.headers[header]).toMatch(value);
      else expect(seen.headers[header]).toBe(value);
    if (typeof body === "string") expect(answer.body.toString()).toBe(body);
    else if (body instanceof RegExp) expect(answer.body.toString()).toMatch(body);
    else if (body) expect(JSON.parse(answer.body.toString())).toMatchObject({ errors: [body] });
  };

  describe("data plane", () => {
    it.each(DATA_PLANE.map((exchange) => [exchange.name, exchange] as const))("%s", (_name, exchange) =>
      check(exchange),
    );
  });
  describe("control plane", () => {
    it.each(CONTROL_PLANE.map((exchange) => [exchange.name, exchange] as const))("%s", (_name, exchange) =>
      check(exchange),
    );
  });
});

describe("the doors", () => {
  it("give the same answers, byte for byte", () => {
    expect(answers.get("onSocket")).toHaveLength(DATA_PLANE.length + CONTROL_PLANE.length);
    expect(answers.get("inProcess")).toEqual(answers.get("onSocket"));
  });
});
