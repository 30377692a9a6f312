import { expect, it } from "vitest";
import { ecrkit } from "../../../test/integration/cli-terminal.js";

it("login --print repeats no password of an endpoint: such an endpoint is refused", async () => {
  const line = "login --print --region eu-west-1 --endpoint-url http://me:hunter2@localhost:4580";
  const ran = await ecrkit(line.split(" "), {
    transport: { handle: () => Promise.reject(new Error("nothing is sent")) },
  });
  expect(ran).toEqual({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^ecrkit: endpoint must be a URL such as [^@]*: it holds a user or password/),
  });
  expect(ran.stderr).not.toContain("hunter2");
});
