import type { StructureShape } from "./shape.js";

/** A service that ecrkit speaks in AWS JSON 1.1: how a request names it and how it is signed. */
export interface Service {
  /** The service's id as in IAM actions and in SigV4 scopes. */
  readonly id: "ecr" | "ecr-public";
  /** What precedes the operation's name in `X-Amz-Target`. documented: service models, `targetPrefix`. */
  readonly targetPrefix: string;
}

export const ecr: Service = { id: "ecr", targetPrefix: "AmazonEC2ContainerRegistry_V20150921" };
export const ecrPublic: Service = { id: "ecr-public", targetPrefix: "SpencerFrontendService" };

/** How a listing is paged: the member that holds the items, and the page that is cut when none is asked for. */
interface Paging {
  readonly items: string;
  /** Results in a page when `maxResults` is absent. documented: API reference, `maxResults`. */
  readonly defaultSize: number;
}

/** One operation as data: all that the client, the local ECR and the tests need to know of it. */
export interface OperationDescription<Input, Output> {
  readonly name: string;
  readonly service: Service;
  /** Whether the operation changes anything: decides what `readOnly` refuses and when a lost answer is ambiguous. */
  readonly access: "read" | "write";
  readonly input: StructureShape<Input>;
  readonly output: StructureShape<Output>;
  /** The modelled errors, by their names on the wire. */
  readonly errors: readonly string[];
  readonly paging?: Paging;
}
