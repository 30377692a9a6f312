/**
 * An error as ECR puts it on the wire: the local ECR throws it, the server renders it, the client reads it back.
 * A modelled client error is answered with status 400, a `ServerException` with 500, whatever its name suggests.
 */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  /** The error's name on the wire, such as `RepositoryNotFoundException`. */
  readonly code: string;
  readonly status: number;
  /** Further members of the answer. documented: only `InvalidLayerPartException` and `KmsException` have any. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, { status = 400, members = {} }: ServiceErrorOptions = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** Options of {@link ServiceError}. */
export interface ServiceErrorOptions {
  /** @default 400 */
  readonly status?: number;
  readonly members?: Readonly<Record<string, unknown>>;
}
