import type { ClientName } from "../clients.js";
import { output } from "../command.js";
import type { Daemon } from "../daemon.js";

/** An image of a repository, by its tag. */
export interface ImageName {
  readonly repository: string;
  readonly tag: string;
}

/** An image in an OCI layout on this machine. */
export interface Layout {
  readonly folder: string;
  readonly tag: string;
}

/** One user at this machine: a home of the user's own, and what the user knows. */
export interface User {
  /** Where the local ECR is, such as `http://localhost:40123`. */
  readonly url: string;
  /** Its host and port, as they stand before a repository. */
  readonly host: string;
  /** The account whose registry the user works with. */
  readonly registryId: string;
  readonly home: string;
  /** PATH, HOME, and AWS's variables with the user's keys. */
  readonly env: NodeJS.ProcessEnv;
  /** The password of the user's registry token. */
  readonly password: string;
}

/** A manifest that says of which other one it tells more. */
export interface Referrer {
  readonly digest: string;
  readonly artifactType: string;
}

/**
 * What a user does with one client, each act by the commands that a person types. An act rejects with what the client
 * said when it ends with another exit code than 0. What the client has no command for is not there.
 */
export interface Client {
  readonly name: ClientName;
  /** Whether manifests pass through it byte for byte; some clients unpack images and write manifests of their own. */
  readonly keepsManifests: boolean;
  /** What it says when it fails. */
  readonly says: {
    readonly wrongLogin: RegExp;
    readonly denied: RegExp;
    readonly notFound: RegExp;
  };
  /** Starts the daemon that it needs beside it. */
  start?(home: string): Promise<Daemon>;
  login(user: User): Promise<unknown>;
  push(user: User, layout: Layout, to: ImageName): Promise<unknown>;
  /** Leaves the image in `folder`, as an OCI layout or with every blob as a file beside `manifest.json`. */
  pull(user: User, from: ImageName, folder: string): Promise<unknown>;
  /** Gives an image of the registry another tag. */
  tag(user: User, image: ImageName, tag: string): Promise<unknown>;
  tags?(user: User, repository: string): Promise<readonly string[]>;
  /** Copies an index with its images from one repository to another. */
  copyIndex?(user: User, from: ImageName, to: ImageName): Promise<unknown>;
  attach?(user: User, artifactType: string, file: string, to: ImageName): Promise<unknown>;
  referrers?(user: User, image: ImageName): Promise<readonly Referrer[]>;
  remove?(user: User, image: ImageName): Promise<unknown>;
}

export const reference = ({ host }: User, { repository, tag }: ImageName): string => `${host}/${repository}:${tag}`;

/** Logs in as docker's like do: the user on the command line, the password on the standard input. */
export const logIn = (program: string, args: readonly string[], { env, host, password }: User): Promise<string> =>
  output(program, [...args, "--username", "AWS", "--password-stdin", host], env, password);

/** The words that a client printed, one a line. */
export const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");
