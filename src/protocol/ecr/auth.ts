/** Authentication: the operations of this area as data. documented: service model of Amazon ECR. */
import { ecr, type OperationDescription } from "../operation.js";
import { always, list, optional, type StructureShape, string, structure, timestamp } from "../shape.js";
import { base64, registryId } from "./scalars.js";

export interface GetAuthorizationTokenRequest {
  readonly registryIds?: readonly string[] | undefined;
}

export interface AuthorizationData {
  readonly authorizationToken: string;
  readonly expiresAt: Date;
  readonly proxyEndpoint: string;
}

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
