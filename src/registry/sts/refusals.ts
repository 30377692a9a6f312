import { ServiceError } from "../../protocol/service-error.js";

/** observed: the AWS CLI's and the SDKs' issue threads. */
export const notAuthorized = (callerArn: string, action: string, resource: string): ServiceError =>
  new ServiceError(
    "AccessDenied",
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}`,
    { status: 403 },
  );

/** documented: STS API reference, common errors; the texts are those of its operations or assumed. */
export const accessDenied = (message: string): ServiceError =>
  new ServiceError("AccessDenied", message, { status: 403 });

export const validationError = (message: string): ServiceError => new ServiceError("ValidationError", message);

export const malformedPolicy = (message: string): ServiceError => new ServiceError("MalformedPolicyDocument", message);

export const invalidIdentityToken = (message: string): ServiceError =>
  new ServiceError("InvalidIdentityToken", message);
