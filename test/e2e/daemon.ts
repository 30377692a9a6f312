import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

/** A daemon that a client needs beside it. */
export interface Daemon {
  /** What tells the client where the daemon is. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<unknown>;
}

const { PATH } = process.env;

/** Starts a daemon that answers on a socket in its home, where its log is too. */
async function startDaemon(
  home: string,
  socket: string,
  [program, ...args]: readonly [string, ...string[]],
): Promise<Pick<Daemon, "stop">> {
  const logFile = join(home, "daemon.log");
  const log = openSync(logFile, "w");
  const child = spawn(program, args, { env: { PATH, HOME: home }, stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = new Promise<unknown>((resolve) => child.once("close", resolve).once("error", resolve));
  const ready = answers(socket, () => child.exitCode === null && child.pid !== undefined);
  if (!(await ready)) throw new Error(`${program} ended with ${child.exitCode}\n${readFileSync(logFile, "utf8")}`);
  return {
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Whether somebody listens on a socket before the daemon is gone. */
async function answers(socket: string, isAlive: () => boolean): Promise<boolean> {
  while (isAlive()) {
    const isThere = await new Promise<boolean>((resolve) => {
      const connection = connect(socket, () => resolve(true)).once("error", () => resolve(false));
      connection.once("connect", () => connection.destroy());
    });
    if (isThere) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** docker's daemon, which needs root: with nothing of this machine's own but its kernel, and no network for containers. */
export async function startDocker(home: string): Promise<Daemon> {
  const socket = join(home, "docker.sock");
  const places = [
    "--data-root",
    join(home, "docker"),
    "--exec-root",
    join(home, "exec"),
    "--pidfile",
    join(home, "pid"),
  ];
  const network = ["--bridge", "none", "--iptables=false", "--ip6tables=false"];
  const { stop } = await startDaemon(home, socket, [
    ...(["dockerd", "--host", `unix://${socket}`, "--storage-driver", "vfs"] as const),
    ...[...places, ...network],
  ]);
  return { env: { DOCKER_HOST: `unix://${socket}` }, stop };
}

/** containerd, which needs root. */
export async function startContainerd(home: string): Promise<Daemon> {
  const socket = join(home, "containerd.sock");
  const places = ["--root", join(home, "containerd"), "--state", join(home, "state")];
  const { stop } = await startDaemon(home, socket, ["containerd", "--address", socket, ...places]);
  return { env: { CONTAINERD_ADDRESS: socket }, stop };
}
