import { afterEach, describe, expect, it } from "vitest";
import { EcrError, isEcrError } from "../../../src/index.js";
import type { LocalEcr } from "../../../src/local.js";
import { rejection } from "../../fixtures/scripted-client.js";
import { KINDS, LATER, openWorld, REGION } from "./kinds.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((local) => local.close()));
});

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

describe("an error that the client raises", () => {
  it.each(Object.entries(KINDS))("of kind %s says what happened, where, and what to do", async (kind, expected) => {
    const error = await rejection(expected.raise(openWorld((local) => open.push(local))));
    expect(error).toBeInstanceOf(EcrError);
    if (!isEcrError(error)) return;
    const { category, operation, region, requestId, message } = error;
    expect({ kind: error.kind, category, operation, region, isAnswered: requestId !== undefined }).toEqual({
      kind,
      category: expected.category,
      operation: expected.operation,
      region: REGION,
      isAnswered: expected.isAnswered,
    });
    expect(message.replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:…").replaceAll(UUID, "…")).toBe(expected.message);
    if (requestId !== undefined) expect(requestId).toMatch(new RegExp(`^${UUID.source}$`));
  });

  it.each(Object.entries(LATER))("of kind %s has a place where it is raised: %s", (kind, place) => {
    expect([Object.hasOwn(KINDS, kind), place.length > 0]).toEqual([false, true]);
  });
});
