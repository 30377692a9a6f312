import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEcrClient, type EcrClient, manualTime, Secret } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, simulate } from "../../src/local.js";
import { type HttpResponse, stack, type Transport } from "../../src/transport/transport.js";
import { type Canaries, canaries } from "../fixtures/canaries.js";
import { bareManifest } from "../fixtures/local-registry.js";
import { startSdk, type TestSdk } from "../fixtures/open-telemetry.js";
import { failure, refusal } from "../fixtures/scripted-transport.js";

const ID = { imageTag: "v1" };
const MANIFEST = "cnry-manifest";
const imageManifest = JSON.stringify({ ...JSON.parse(bareManifest(1)), annotations: { note: MANIFEST } });

/** Every method of every service. Those that give a manifest show what it says, and nothing else. */
const calls: Readonly<Record<string, (ecr: EcrClient) => PromiseLike<unknown>>> = {
  "repositories.list": (ecr) => ecr.repositories.list().all(),
  "repositories.get": (ecr) => ecr.repositories.get("app"),
  "repositories.batchGet": (ecr) => ecr.repositories.batchGet(["app", "none"]),
  "repositories.lifecyclePolicy": (ecr) => ecr.repositories.lifecyclePolicy("app"),
  "repositories.policy": (ecr) => ecr.repositories.policy("app"),
  "repositories.tags": (ecr) => ecr.repositories.tags("app"),
  "images.list": (ecr) => ecr.images.list("app").all(),
  "images.describe": (ecr) => ecr.images.describe("app", [ID, { imageTag: "none" }]),
  "images.get": (ecr) => ecr.images.get("app", { imageTag: "noted" }),
  "images.batchGet": (ecr) => ecr.images.batchGet("app", [{ imageTag: "noted" }]),
  "images.putTag": (ecr) => ecr.images.putTag("app", { imageManifest }, "noted-too"),
  "images.putTag of no manifest": (ecr) => ecr.images.putTag("app", { imageManifest: MANIFEST }, "noted-too"),
  "images.batchDelete": (ecr) => ecr.images.batchDelete("app", [{ imageTag: "none" }]),
  "manifests.get": (ecr) => ecr.manifests.get("app", { imageTag: "noted" }),
  "manifests.getList": (ecr) => ecr.manifests.getList("app", { imageTag: "noted" }),
  "manifests.getForPlatform": (ecr) => ecr.manifests.getForPlatform("app", ID, "linux/amd64"),
  "manifests.getConfig": (ecr) => ecr.manifests.getConfig("app", ID),
  "manifests.getLayers": (ecr) => ecr.manifests.getLayers("app", { imageTag: "noted" }),
  "manifests.referrers": (ecr) => ecr.manifests.referrers("app", ID).all(),
  "scans.start": (ecr) => ecr.scans.start("app", ID),
  "scans.status": (ecr) => ecr.scans.status("app", ID),
  "scans.findings": (ecr) => ecr.scans.findings("app", ID),
  "auth.token": (ecr) => ecr.auth.token(),
  "auth.credentials": (ecr) => ecr.auth.credentials(),
  "auth.loginCommand": (ecr) => ecr.auth.loginCommand(),
  "auth.refresh": (ecr) => ecr.auth.refresh(),
  "replication.status": (ecr) => ecr.replication.status("app", ID),
  "replication.destinations": (ecr) => ecr.replication.destinations(),
  "replication.configuration": (ecr) => ecr.replication.configuration(),
  "publicRegistry.repositories": (ecr) => ecr.publicRegistry.repositories().all(),
  "publicRegistry.repository": (ecr) => ecr.publicRegistry.repository("app"),
  "publicRegistry.images": (ecr) => ecr.publicRegistry.images("app").all(),
  "publicRegistry.token": (ecr) => ecr.publicRegistry.token(),
  "publicRegistry.manifest": (ecr) => ecr.publicRegistry.manifest("alias/app", ID, { login: "account" }),
  "call PutImage": (ecr) => ecr.call("PutImage", { repositoryName: "none", imageManifest, imageTag: "v1" }),
};
const GIVE_MANIFESTS = /^(images\.(get|batchGet|putTag)|manifests\.(get|getLayers))$/;

/** What goes wrong: on the way, in front of the service, or in it. Each answer holds a canary where it may. */
const FAILURES: Readonly<Record<string, (canary: string) => HttpResponse | Error>> = {
  "is well": () => new Error("never used"),
  "is refused": () => refusal("AccessDeniedException"),
  "is answered by what is no JSON": (canary) => ({ statusCode: 200, headers: {}, body: Buffer.from(canary) }),
  "is answered by a page of a proxy": (canary) => ({
    statusCode: 502,
    headers: { "content-type": "text/html" },
    body: Buffer.from(`<html>${canary}</html>`),
  }),
  "is answered by another shape": (canary) => ({
    statusCode: 200,
    headers: {},
    body: Buffer.from(JSON.stringify({ authorizationData: canary, images: canary, repositories: canary })),
  }),
  "breaks off": () => failure("ECONNRESET"),
};

let sdk: TestSdk;
let local: LocalEcr;
let found: Canaries;
let lines: unknown[];
beforeEach(async () => {
  sdk = startSdk();
  found = canaries();
  lines = [];
  const registries = [
    {
      account: "123456789012",
      region: "us-east-1",
      repositories: [{ name: "app", images: [{ tags: ["v1"] }] }],
    },
  ];
  local = createLocalEcr({ layers: "unchecked" });
  await local.seed({ registries });
});
afterEach(async () => {
  await sdk.stop();
  await local.close();
});

/** A client with canaries in its keys, over a wire on which `broken` answers each call once the client is set up. */
async function client(broken: ((canary: string) => HttpResponse | Error) | undefined): Promise<EcrClient> {
  // Short, for a parser quotes the beginning of what it cannot read.
  const answered = "cnry-4f1a";
  let isBroken = false;
  const breaking: Transport = {
    async handle(request, options) {
      if (!isBroken || broken === undefined) return simulate(local).handle(request, options);
      const answer = broken(answered);
      if (answer instanceof Error) throw answer;
      return { response: answer };
    },
  };
  const secretAccessKey = "canary-in-a-secret-key";
  const sessionToken = "canary-in-a-session-token";
  for (const [name, secret] of Object.entries({ secretAccessKey, sessionToken, answered, MANIFEST }))
    found.plant(name, secret);
  const write = (fields: unknown, message: string) => void lines.push(fields, message);
  const ecr = createEcrClient({
    region: "us-east-1",
    auth: { kind: "static", accessKeyId: "123456789012", secretAccessKey, sessionToken: new Secret(sessionToken) },
    transport: stack(breaking, found.watch),
    time: manualTime({ sleeping: "skip" }),
    logger: { debug: write, info: write, warn: write },
  });
  await ecr.images.putTag("app", { imageManifest }, "noted");
  isBroken = true;
  return ecr;
}

/** Where secrets show after a call: `place: name of the secret`. */
async function leaks(ecr: EcrClient, name: string, make: (ecr: EcrClient) => PromiseLike<unknown>) {
  const outcome = await Promise.resolve(make(ecr)).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const isManifest = "value" in outcome && GIVE_MANIFESTS.test(name);
  const inOutcome = found.shownBy(outcome).filter((secret) => !(isManifest && secret === "MANIFEST"));
  const spans = sdk.spans().map(({ attributes, events, status, links, name: span }) => ({
    ...{ attributes, events, status, links, span },
  }));
  return [
    ...inOutcome.map((secret) => `${name}: ${secret}`),
    ...found.shownBy(lines).map((secret) => `log of ${name}: ${secret}`),
    ...found.shownBy(spans).map((secret) => `spans of ${name}: ${secret}`),
    ...found.shownBy(await sdk.measures()).map((secret) => `measures of ${name}: ${secret}`),
    ...found.shownBy(ecr).map((secret) => `client: ${secret}`),
  ];
}

describe("no secret shows in an outcome, a log, a span or a measure", () => {
  it.each(Object.entries(FAILURES))("when a call %s", async (how, broken) => {
    const ecr = await client(how === "is well" ? undefined : broken);
    const shown: string[] = [];
    for (const [name, make] of Object.entries(calls)) shown.push(...(await leaks(ecr, name, make)));
    expect(shown).toEqual([]);
    expect(lines.length).toBeGreaterThan(Object.keys(calls).length);
    expect(sdk.spans().length).toBeGreaterThan(Object.keys(calls).length);
  });

  it("and all kinds of them were there to be found", async () => {
    const ecr = await client(undefined);
    for (const make of Object.values(calls)) await Promise.resolve(make(ecr)).catch(() => undefined);
    expect(found.names).toEqual([
      "MANIFEST",
      "a password",
      "a registry token",
      "an Authorization header",
      "answered",
      "secretAccessKey",
      "sessionToken",
      "the URL of a layer",
    ]);
  });

  it("and one that does is found, wherever it is", async () => {
    const ecr = await client(undefined);
    expect(await leaks(ecr, "a manifest", (one) => one.images.get("app", { imageTag: "noted" }))).toEqual([
      "a manifest: MANIFEST",
    ]);
    expect(await leaks(ecr, "raw", (one) => one.call("GetAuthorizationToken", {}))).toEqual(["raw: a registry token"]);
    const hidden = Object.defineProperty(new Error("no"), "cause", { value: new Error("canary-in-a-secret-key") });
    expect(await leaks(ecr, "an error", () => Promise.reject(hidden))).toEqual(["an error: secretAccessKey"]);
    lines.push({ nested: [{ key: "canary-in-a-session-token" }] });
    expect(await leaks(ecr, "a line", async () => undefined)).toEqual(["log of a line: sessionToken"]);
  });
});
