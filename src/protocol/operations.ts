import { type EcrOperations, ecrOperations } from "./ecr/operations.js";
import { type EcrPublicOperations, ecrPublicOperations } from "./ecr-public/operations.js";
import type { OperationDescription } from "./operation.js";

/** Every operation of both services. A public one is named as in IAM, `ecr-public:PutImage`, for 17 of them share their name with a private one. */
export type Operations = EcrOperations & {
  readonly [N in keyof EcrPublicOperations as `ecr-public:${N}`]: EcrPublicOperations[N];
};

/** The name of any of the 85 operations. */
export type OperationName = keyof Operations;

/** What an operation takes. */
export type InputOf<N extends OperationName> =
  Operations[N] extends OperationDescription<infer I, infer _O> ? I : never;

/** What an operation answers. */
export type OutputOf<N extends OperationName> =
  Operations[N] extends OperationDescription<infer _I, infer O> ? O : never;

export const operations: Operations = {
  ...ecrOperations,
  ...(Object.fromEntries(
    Object.entries(ecrPublicOperations).map(([name, description]) => [`ecr-public:${name}`, description]),
  ) as Omit<Operations, keyof EcrOperations>),
};
