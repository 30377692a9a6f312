import { ECR } from "@aws-sdk/client-ecr";
import { createEcrClient, isEcrError, type OperationName } from "../../../src/index.js";
import type { Door } from "./doors.js";

/** What a call came to, in words that both clients share. */
export type Outcome =
  | { readonly ok: true; readonly output: Record<string, unknown> }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly status: number | undefined };

/** A client on the far side of a transport. */
export interface ContractClient {
  readonly name: string;
  call(operation: string, input: object, signal?: AbortSignal): Promise<Outcome>;
  close(): void;
}

const REGION = "eu-west-1";
const KEYS = { accessKeyId: "123456789012", secretAccessKey: "any" };

/** AWS's own client, on our transport as its `requestHandler`. */
export function bareSdk({ transport, endpoint }: Door): ContractClient {
  const ecr = new ECR({ region: REGION, credentials: KEYS, endpoint, requestHandler: transport, maxAttempts: 1 });
  return {
    name: "@aws-sdk/client-ecr",
    async call(operation, input, abortSignal) {
      const method = `${operation[0]?.toLowerCase()}${operation.slice(1)}`;
      const call = (ecr as unknown as Record<string, SdkCall>)[method];
      try {
        const { $metadata: _, ...output } = (await call?.call(ecr, input, { abortSignal })) ?? {};
        return { ok: true, output };
      } catch (error) {
        const { name, message, $metadata } = error as SdkError;
        if ($metadata?.httpStatusCode === undefined) throw error;
        return { ok: false, code: name, message, status: $metadata.httpStatusCode };
      }
    },
    close: () => ecr.destroy(),
  };
}

type SdkCall = (input: object, options: object) => Promise<Record<string, unknown>>;
type SdkError = Error & { readonly $metadata?: { readonly httpStatusCode?: number } };

/** Our client. */
export function ownClient({ transport, endpoint }: Door): ContractClient {
  const auth = { kind: "static", ...KEYS } as const;
  const ecr = createEcrClient({ region: REGION, auth, endpoint, transport, retry: false });
  return {
    name: "ecrkit",
    async call(operation, input, signal) {
      try {
        const output = await ecr.call(operation as OperationName, input as never, { signal });
        return { ok: true, output: { ...(output as object) } };
      } catch (error) {
        if (!isEcrError(error) || error.service === undefined) throw error;
        const { code, message, status } = error.service;
        return { ok: false, code, message, status };
      }
    },
    close: () => ecr.close(),
  };
}

export const CLIENTS: readonly ((door: Door) => ContractClient)[] = [bareSdk, ownClient];
