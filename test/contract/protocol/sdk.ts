/** The AWS SDK as a referee: its commands, its schemas and its clients on a transport that records and answers. */
import * as ecr from "@aws-sdk/client-ecr";
import * as ecrPublic from "@aws-sdk/client-ecr-public";
import type { OperationDescription } from "../../../src/protocol/operation.js";
import { type OperationName, operations } from "../../../src/protocol/operations.js";

export type AnyOperation = OperationDescription<unknown, unknown>;

/** Every operation with its name in the table, without its types: tests of all of them are about what they have in common. */
export const everyOperation: readonly (readonly [OperationName, AnyOperation])[] = Object.entries(
  operations,
) as unknown as readonly (readonly [OperationName, AnyOperation])[];

interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CannedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the SDK sends for `input`, and what it makes of `response`. */
export interface Exchange {
  readonly request: CapturedRequest;
  readonly outcome:
    | { readonly ok: true; readonly output: Readonly<Record<string, unknown>> }
    | { readonly ok: false; readonly error: Error & Readonly<Record<string, unknown>> };
}

interface SdkClient {
  send(command: unknown): Promise<Readonly<Record<string, unknown>>>;
}
interface SdkModule {
  readonly [name: string]: new (argument: unknown) => SdkClient;
}

const modules: Readonly<Record<string, SdkModule>> = {
  ecr: ecr as unknown as SdkModule,
  "ecr-public": ecrPublic as unknown as SdkModule,
};
const clientNames: Readonly<Record<string, string>> = { ecr: "ECRClient", "ecr-public": "ECRPUBLICClient" };

/** The names of a service's commands in the SDK, without `Command`. */
export const sdkOperationNames = (service: string): readonly string[] =>
  Object.keys(modules[service] ?? {})
    .filter((name) => name.endsWith("Command") && name !== "$Command")
    .map((name) => name.slice(0, -"Command".length))
    .sort();

/** The SDK's own schema of an operation: `[9, namespace, name, traits, input, output]`. */
export const sdkSchema = ({ service, name }: AnyOperation): readonly unknown[] =>
  (modules[service.id] as unknown as Readonly<Record<string, readonly unknown[]>>)[`${name}$`] ?? [];

/** A bare SDK client, and what its transport was last sent and answers next. */
interface Line {
  readonly client: SdkClient;
  sent: CapturedRequest | undefined;
  response: CannedResponse;
}

const EMPTY: CannedResponse = { statusCode: 200, headers: {}, body: "{}" };

function connect(service: string, config: Readonly<Record<string, unknown>>): Line {
  const requestHandler = {
    handle: ({ body, ...request }: Omit<CapturedRequest, "body"> & { readonly body: Uint8Array }) => {
      line.sent = { ...request, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8") };
      const { statusCode, headers, body: answer } = line.response;
      return Promise.resolve({ response: { statusCode, headers: { ...headers }, body: Buffer.from(answer) } });
    },
  };
  const client = make(service, clientNames[service] ?? "", {
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler,
    ...config,
  });
  const line: Line = { client, sent: undefined, response: EMPTY };
  return line;
}

const lines = new Map<string, Line>();

function lineTo(service: string): Line {
  const line = lines.get(service) ?? connect(service, {});
  lines.set(service, line);
  return line;
}

/** Sends one operation through a bare SDK client whose transport answers `response`. One at a time. */
export async function exchange(
  { service, name }: AnyOperation,
  input: unknown,
  response: CannedResponse = EMPTY,
): Promise<Exchange> {
  const line = lineTo(service.id);
  line.response = response;
  const outcome = await line.client.send(make(service.id, `${name}Command`, input)).then(
    ({ $metadata: _, ...output }): Exchange["outcome"] => ({ ok: true, output }),
    (error): Exchange["outcome"] => ({ ok: false, error }),
  );
  if (line.sent === undefined) throw new Error(`the SDK sent nothing for ${name}`, { cause: outcome });
  return { request: line.sent, outcome };
}

function make(service: string, name: string, argument: unknown): SdkClient {
  const Class = modules[service]?.[name];
  if (Class === undefined) throw new Error(`the SDK has no ${name}`);
  return new Class(argument);
}
