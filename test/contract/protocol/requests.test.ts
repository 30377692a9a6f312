import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRequest } from "../../../src/protocol/request.js";
import { arbitraryValue } from "./arbitrary-shape.js";
import { everyOperation, exchange } from "./sdk.js";

describe.each(everyOperation)("request of %s", (_name, operation) => {
  it("is what the AWS SDK sends, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryValue(operation.input), async (input) => {
        const { request } = await exchange(operation, input);
        const ours = buildRequest(operation, input);
        expect({ method: request.method, path: request.path, body: request.body }).toEqual({
          method: "POST",
          path: "/",
          body: ours.body,
        });
        expect(request.headers).toMatchObject(ours.headers);
      }),
      { numRuns: 15 },
    );
  });
});
