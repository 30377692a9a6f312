// The servers that ecrkit's own is measured beside, each as its own documentation starts it. One that this machine does not have is left out by name.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const file = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const onPath = (program) => spawnSync(program, ["--version"]).error === undefined;
const at = (path) => (existsSync(file(path)) ? file(path) : undefined);

/** Debian's docker-registry, or one that Go built, on a filesystem store in `folder`. */
const distribution = (program) => ({
  program,
  path: "/v2/",
  args(port, folder) {
    const config = join(folder, `${port}.yml`);
    writeFileSync(config, configOf(folder, port));
    return ["serve", config];
  },
});

const configOf = (folder, port) => `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  cache: { blobdescriptor: inmemory }
  filesystem: { rootdirectory: ${folder}/store }
http: { addr: "127.0.0.1:${port}" }
`;

/** By name: the program (undefined when it is not installed), its arguments, what to ask it, and its environment. */
export const peers = {
  "docker-registry": distribution(onPath("docker-registry") ? "docker-registry" : undefined),
  "distribution 3.1.1": distribution(at(".clients/go/bin/registry")),
  "crane registry serve": {
    program: at(".clients/go/bin/crane"),
    path: "/v2/",
    args: (port, folder) => ["registry", "serve", "--address", `127.0.0.1:${port}`, "--disk", folder],
  },
  moto_server: {
    program: at(".clients/venv/bin/moto_server"),
    path: "/moto-api/",
    args: (port) => ["-H", "127.0.0.1", "-p", `${port}`],
  },
  ministack: {
    program: at(".clients/ministack/bin/ministack"),
    path: "/",
    args: () => [],
    env: (port) => ({ GATEWAY_PORT: `${port}`, EDGE_PORT: `${port}` }),
  },
};
