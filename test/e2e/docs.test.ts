import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fencesOf, root } from "../docs/fences.js";
import { privateFolder } from "./aws-environment.js";
import { type ClientName, clientPath, missingClients } from "./clients.js";
import { run } from "./command.js";
import { type Daemon, startContainerd, startDocker } from "./daemon.js";
import { buildImage, writeImageLayout } from "./image-layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";

/** A block that a reader runs: a server that stays, or commands and the clients that they take. */
interface Step {
  readonly place: string;
  readonly kind: "serve" | "sh" | "python";
  readonly code: string;
  readonly clients: readonly ClientName[];
}

const fences = fencesOf("docs/clients.md");
const variables = fences.find(({ info }) => info === "sh env")?.code ?? "";
const steps = fences.flatMap(({ info, place, code }): Step[] => {
  if (info === "sh serve") return [{ place, kind: "serve", code, clients: [] }];
  const [, kind, clients = ""] = /^(sh|python) run(?:: (.+))?$/.exec(info) ?? [];
  if (kind === undefined) return [];
  return [{ place, kind: kind as "sh" | "python", code, clients: clients.split(" ").filter(Boolean) as ClientName[] }];
});

/** The page from top to bottom in one folder, with the port of this run's local ECR in place of 4580. */
describe("docs/clients.md", () => {
  let home: string;
  let place: string;
  let local: LocalProcess | undefined;
  let daemons: readonly Daemon[] = [];
  let env: NodeJS.ProcessEnv;

  const asHere = (text: string): string =>
    text.replaceAll("localhost:4580", new URL(local?.url ?? "").host).replaceAll("/etc/", `${home}/etc/`);

  /** Starts the server of a block, on the port of the one before it. */
  async function serve(code: string): Promise<void> {
    const flags = /^npx ecrkit local(.*)\n$/.exec(code)?.[1] ?? "";
    const port = local === undefined ? "0" : new URL(local.url).port;
    await local?.stop();
    const here = flags.split(" ").map((flag) => flag.replace(/^\.\//, `${place}/`));
    local = await startLocal("--port", port, ...here.filter(Boolean));
  }

  async function runCommands(kind: "sh" | "python", code: string): Promise<void> {
    const file = join(home, "step");
    writeFileSync(file, asHere(code));
    const command = kind === "sh" ? `set -x; . "${file}"` : `python "${file}"`;
    const script = `cd "${place}"\n${asHere(variables)}\n${command}`;
    const { code: exitCode, stderr } = await run("bash", ["--norc", "-euo", "pipefail", "-c", script], env);
    expect([exitCode, exitCode === 0 ? "" : stderr]).toEqual([0, ""]);
  }

  beforeAll(async () => {
    home = privateFolder();
    place = join(home, "page");
    const needed = (name: ClientName): boolean =>
      steps.some(({ clients }) => clients.includes(name)) && missingClients([name]).length === 0;
    daemons = await Promise.all([
      ...(needed("docker") ? [startDocker(home)] : []),
      ...(needed("containerd") ? [startContainerd(home)] : []),
    ]);
    mkdirSync(place);
    writeImageLayout(join(place, "image"), "v1", buildImage("oci", "amd64", 2));
    env = { ...machineEnvironment(home), ...Object.assign({}, ...daemons.map((daemon) => daemon.env)) };
  });
  afterAll(async () => {
    await local?.stop();
    await Promise.all(daemons.map((daemon) => daemon.stop()));
    rmSync(home, { recursive: true });
  });

  it("is there to be run", () => {
    expect(variables).toContain("AWS_ENDPOINT_URL");
    expect(new Set(steps.flatMap(({ clients }) => clients)).size).toBeGreaterThan(8);
  });

  for (const { place: line, kind, code, clients } of steps) {
    const missing = missingClients(clients);
    const title = `runs as it stands${missing.length > 0 ? ` [skipped: no ${missing.join(", ")}]` : ""}: ${line}`;
    it.skipIf(missing.length > 0)(title, () => (kind === "serve" ? serve(code) : runCommands(kind, code)));
  }
});

/** A machine of its own as far as the clients can see: the clients on the PATH, and folders of the home for what they keep. */
function machineEnvironment(home: string): NodeJS.ProcessEnv {
  const programs = join(home, "bin");
  mkdirSync(programs);
  writeFileSync(join(programs, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${root}dist/cli/main.js" "$@"\n`);
  chmodSync(join(programs, "npx"), 0o755);
  const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${home}/storage"\nrunroot = "${home}/run"\n`;
  writeFileSync(join(home, "storage.conf"), storage);
  writeFileSync(join(home, "containers.conf"), '[engine]\nevents_logger = "file"\ncgroup_manager = "cgroupfs"\n');
  const folders = (["boto3", "crane", "aws"] as const).map((name) => dirname(clientPath(name)));
  return {
    PATH: [programs, ...folders, process.env["PATH"]].join(":"),
    HOME: home,
    XDG_RUNTIME_DIR: home,
    CONTAINERS_STORAGE_CONF: join(home, "storage.conf"),
    CONTAINERS_CONF: join(home, "containers.conf"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
  };
}
