/** Authentication: the operations of this area as data. documented: service model of Amazon ECR. */
import { ecr, type OperationDescription } from "../operation.js";
import { always, list, optional, type StructureShape, string, structure, timestamp } from "../shape.js";
import { base64, registryId } from "./scalars.js";

/** What `GetAuthorizationToken` takes. */
export interface GetAuthorizationTokenRequest {
  readonly registryIds?: readonly string[] | undefined;
}

/**
 * A login to a registry: `authorizationToken` is base64 of `AWS:` and the password, good until `expiresAt` (12 hours). documented: API
 * reference.
 */
export interface AuthorizationData {
  readonly authorizationToken: string;
  readonly expiresAt: Date;
  readonly proxyEndpoint: string;
}

/** What `GetAuthorizationToken` answers. */
export interface GetAuthorizationTokenResponse {
  readonly authorizationData: readonly AuthorizationData[];
}

export const getAuthorizationTokenRequest: StructureShape<GetAuthorizationTokenRequest> = structure({
  registryIds: optional(list(registryId, { min: 1, max: 10 })),
});

export const authorizationData: StructureShape<AuthorizationData> = structure({
  authorizationToken: always(base64),
  expiresAt: always(timestamp),
  proxyEndpoint: always(string),
});

export const getAuthorizationTokenResponse: StructureShape<GetAuthorizationTokenResponse> = structure({
  authorizationData: always(list(authorizationData)),
});

/** The operations of this area, by their AWS names. */
export interface AuthOperations {
  /** Docker login credentials, 12 h. */
  readonly GetAuthorizationToken: OperationDescription<GetAuthorizationTokenRequest, GetAuthorizationTokenResponse>;
}

export const authOperations: AuthOperations = {
  GetAuthorizationToken: {
    name: "GetAuthorizationToken",
    service: ecr,
    access: "read",
    input: getAuthorizationTokenRequest,
    output: getAuthorizationTokenResponse,
    errors: ["InvalidParameterException", "ServerException"],
  },
};
