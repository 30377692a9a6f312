/** Account settings: the operations of this area as data. documented: service model of Amazon ECR. */
import { ecr, type OperationDescription } from "../operation.js";
import { optional, required, type StructureShape, string, structure } from "../shape.js";
import { accountSettingName } from "./scalars.js";

/** What `GetAccountSetting` takes. */
export interface GetAccountSettingRequest {
  readonly name: string;
}

/** What `GetAccountSetting` answers. */
export interface GetAccountSettingResponse {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

/** What `PutAccountSetting` takes. */
export interface PutAccountSettingRequest {
  readonly name: string;
  readonly value: string;
}

/** What `PutAccountSetting` answers. */
export interface PutAccountSettingResponse {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

export const getAccountSettingRequest: StructureShape<GetAccountSettingRequest> = structure({
  name: required(accountSettingName),
});

export const getAccountSettingResponse: StructureShape<GetAccountSettingResponse> = structure({
  name: optional(accountSettingName),
  value: optional(accountSettingName),
});

export const putAccountSettingRequest: StructureShape<PutAccountSettingRequest> = structure({
  name: required(accountSettingName),
  value: required(string),
});

export const putAccountSettingResponse: StructureShape<PutAccountSettingResponse> = structure({
  name: optional(accountSettingName),
  value: optional(string),
});

/** The operations of this area, by their AWS names. */
export interface AccountSettingsOperations {
  /** Read one setting. */
  readonly GetAccountSetting: OperationDescription<GetAccountSettingRequest, GetAccountSettingResponse>;
  /** Write one setting. */
  readonly PutAccountSetting: OperationDescription<PutAccountSettingRequest, PutAccountSettingResponse>;
}

export const accountSettingsOperations: AccountSettingsOperations = {
  GetAccountSetting: {
    name: "GetAccountSetting",
    service: ecr,
    access: "read",
    input: getAccountSettingRequest,
    output: getAccountSettingResponse,
    errors: ["InvalidParameterException", "ServerException", "ValidationException"],
  },
  PutAccountSetting: {
    name: "PutAccountSetting",
    service: ecr,
    access: "write",
    input: putAccountSettingRequest,
    output: putAccountSettingResponse,
    errors: ["InvalidParameterException", "LimitExceededException", "ServerException", "ValidationException"],
  },
};
