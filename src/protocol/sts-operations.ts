import { count, list, optional, required, type StructureShape, string, structure, text, timestamp } from "./shape.js";

/** One operation of STS as data. It travels as form parameters and comes back as XML: AWS's query protocol, version 2011-06-15. */
export interface StsOperation<Input, Output> {
  readonly name: string;
  readonly input: StructureShape<Input>;
  readonly output: StructureShape<Output>;
}

/** What `GetCallerIdentity` takes: nothing. */
type GetCallerIdentityRequest = Readonly<Record<never, never>>;

/** Who the caller is. */
export interface GetCallerIdentityResponse {
  readonly UserId?: string | undefined;
  /** The account's twelve digits. */
  readonly Account?: string | undefined;
  readonly Arn?: string | undefined;
}

/** One of AWS's own policies, by its ARN. */
interface PolicyDescriptor {
  readonly arn?: string | undefined;
}

interface SessionTag {
  readonly Key: string;
  readonly Value: string;
}

/** What limits the session of a role and how long it lasts. */
interface RoleSessionRequest {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly PolicyArns?: readonly PolicyDescriptor[] | undefined;
  readonly Policy?: string | undefined;
  readonly DurationSeconds?: number | undefined;
}

export interface AssumeRoleRequest extends RoleSessionRequest {
  readonly Tags?: readonly SessionTag[] | undefined;
  readonly TransitiveTagKeys?: readonly string[] | undefined;
  readonly ExternalId?: string | undefined;
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
  readonly SourceIdentity?: string | undefined;
}

export interface AssumeRoleWithWebIdentityRequest extends RoleSessionRequest {
  readonly WebIdentityToken: string;
  readonly ProviderId?: string | undefined;
}

export interface GetSessionTokenRequest {
  readonly DurationSeconds?: number | undefined;
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}

/** Temporary keys. */
export interface StsCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

interface AssumedRoleUser {
  readonly AssumedRoleId: string;
  readonly Arn: string;
}

export interface AssumeRoleResponse {
  readonly Credentials?: StsCredentials | undefined;
  readonly AssumedRoleUser?: AssumedRoleUser | undefined;
  /** Percent of what may be packed into a session that its policies and tags take. */
  readonly PackedPolicySize?: number | undefined;
  readonly SourceIdentity?: string | undefined;
}

export interface AssumeRoleWithWebIdentityResponse extends AssumeRoleResponse {
  readonly SubjectFromWebIdentityToken?: string | undefined;
  readonly Provider?: string | undefined;
  readonly Audience?: string | undefined;
}

export interface GetSessionTokenResponse {
  readonly Credentials?: StsCredentials | undefined;
}

/** The operations of STS that ecrkit speaks, by their AWS names. */
export interface StsOperations {
  readonly GetCallerIdentity: StsOperation<GetCallerIdentityRequest, GetCallerIdentityResponse>;
  readonly AssumeRole: StsOperation<AssumeRoleRequest, AssumeRoleResponse>;
  readonly AssumeRoleWithWebIdentity: StsOperation<AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse>;
  readonly GetSessionToken: StsOperation<GetSessionTokenRequest, GetSessionTokenResponse>;
}

const getCallerIdentityResponse: StructureShape<GetCallerIdentityResponse> = structure({
  UserId: optional(string),
  Account: optional(string),
  Arn: optional(string),
});

// documented: STS API reference, the constraints of each parameter.
const arn = text({ min: 20, max: 2_048 });
const name = text({ min: 2, max: 64, pattern: "[\\w+=,.@-]*" });
const policy = text({ min: 1, max: 2_048 });
const tagKey = text({ min: 1, max: 128 });
const roleDuration = count({ min: 900, max: 43_200 });
const sessionDuration = count({ min: 900, max: 129_600 });
const serialNumber = text({ min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" });
const tokenCode = text({ min: 6, max: 6, pattern: "\\d*" });
const policyArns = list(structure({ arn: optional(arn) }), { max: 10 });

const assumeRoleRequest: StructureShape<AssumeRoleRequest> = structure({
  RoleArn: required(arn),
  RoleSessionName: required(name),
  PolicyArns: optional(policyArns),
  Policy: optional(policy),
  DurationSeconds: optional(roleDuration),
  Tags: optional(list(structure({ Key: required(tagKey), Value: required(text({ max: 256 })) }), { max: 50 })),
  TransitiveTagKeys: optional(list(tagKey, { max: 50 })),
  ExternalId: optional(text({ min: 2, max: 1_224, pattern: "[\\w+=,.@:\\/-]*" })),
  SerialNumber: optional(serialNumber),
  TokenCode: optional(tokenCode),
  SourceIdentity: optional(name),
});

const assumeRoleWithWebIdentityRequest: StructureShape<AssumeRoleWithWebIdentityRequest> = structure({
  RoleArn: required(arn),
  RoleSessionName: required(name),
  WebIdentityToken: required(text({ min: 4, max: 20_000 })),
  ProviderId: optional(text({ min: 4, max: 2_048 })),
  PolicyArns: optional(policyArns),
  Policy: optional(policy),
  DurationSeconds: optional(roleDuration),
});

const getSessionTokenRequest: StructureShape<GetSessionTokenRequest> = structure({
  DurationSeconds: optional(sessionDuration),
  SerialNumber: optional(serialNumber),
  TokenCode: optional(tokenCode),
});

const credentials: StructureShape<StsCredentials> = structure({
  AccessKeyId: required(string),
  SecretAccessKey: required(string),
  SessionToken: required(string),
  Expiration: required(timestamp),
});
const assumedRoleUser: StructureShape<AssumedRoleUser> = structure({
  AssumedRoleId: required(string),
  Arn: required(string),
});

const assumeRoleResponse: StructureShape<AssumeRoleResponse> = structure({
  Credentials: optional(credentials),
  AssumedRoleUser: optional(assumedRoleUser),
  PackedPolicySize: optional(count({})),
  SourceIdentity: optional(string),
});

const assumeRoleWithWebIdentityResponse: StructureShape<AssumeRoleWithWebIdentityResponse> = structure({
  Credentials: optional(credentials),
  SubjectFromWebIdentityToken: optional(string),
  AssumedRoleUser: optional(assumedRoleUser),
  PackedPolicySize: optional(count({})),
  Provider: optional(string),
  Audience: optional(string),
  SourceIdentity: optional(string),
});

export const stsOperations: StsOperations = {
  GetCallerIdentity: { name: "GetCallerIdentity", input: structure({}), output: getCallerIdentityResponse },
  AssumeRole: { name: "AssumeRole", input: assumeRoleRequest, output: assumeRoleResponse },
  AssumeRoleWithWebIdentity: {
    name: "AssumeRoleWithWebIdentity",
    input: assumeRoleWithWebIdentityRequest,
    output: assumeRoleWithWebIdentityResponse,
  },
  GetSessionToken: {
    name: "GetSessionToken",
    input: getSessionTokenRequest,
    output: structure({ Credentials: optional(credentials) }),
  },
};
