import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { PATH } = process.env;

export const account = "123456789012";
export const region = "us-east-1";

/** A folder of the test's own. Its name is short and in small letters, because podman wants it so. */
export function privateFolder(): string {
  const folder = join(tmpdir(), `ecrkit-e2e-${randomBytes(4).toString("hex")}`);
  mkdirSync(folder);
  return folder;
}

/** What a user exports to point AWS's own clients at `ecrkit local`, and nothing of this machine's own settings. */
export const awsEnvironment = (endpoint: string, home: string): NodeJS.ProcessEnv => ({
  PATH,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: "any",
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
});
