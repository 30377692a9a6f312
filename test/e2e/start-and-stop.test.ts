import { expect, it } from "vitest";
import { startLocal } from "./local-process.js";

it("ecrkit local answers its health, and ends cleanly when it is told to", async () => {
  const local = await startLocal();
  console.log(`ecrkit local was ready in ${local.readyMs.toFixed(0)} ms`);
  expect(local.url).toMatch(/^http:\/\/localhost:\d+$/);
  expect(await local.stop()).toBe(0);
});
