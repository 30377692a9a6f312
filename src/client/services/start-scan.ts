import { EcrError, isEcrError } from "../../errors.js";
import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import type { OutputOf } from "../../protocol/operations.js";
import type { CallScope } from "../call-scope.js";
import { imageName } from "../image-failure.js";
import type { ServiceContext } from "../service-context.js";

/** Asks for a basic scan; refusals are told by what they mean for scans. */
export async function startScan(
  context: ServiceContext,
  repositoryName: string,
  imageId: ImageIdentifier,
  scope: CallScope,
): Promise<OutputOf<"StartImageScan">> {
  const { send, registry, region } = context;
  try {
    return await send("StartImageScan", { ...registry, repositoryName, imageId }, scope);
  } catch (error) {
    const subject = `${imageName(repositoryName, imageId)} in ${region()}`;
    if (isEcrError(error, "LimitExceeded")) throw reworded(error, "LimitExceeded", quotaText(subject, error));
    if (isEcrError(error) && (await isDisabled(context, error, scope)))
      throw reworded(error, "ScanUnsupported", disabledText(subject));
    throw error;
  }
}

/** Under enhanced scanning ECR refuses scans by hand. The error's class and text are assumed, so the registry's setting is asked too. */
async function isDisabled({ send, registry }: ServiceContext, error: EcrError, scope: CallScope): Promise<boolean> {
  if (error.service?.code !== "ValidationException") return false;
  if (/feature is disabled/i.test(error.service.message)) return true;
  // The setting is that of the account's own registry.
  if (registry.registryId !== undefined) return false;
  const answer = await send("GetRegistryScanningConfiguration", {}, scope).catch(() => undefined);
  return answer?.scanningConfiguration?.scanType === "ENHANCED";
}

/** documented: service quotas, basic scans per image and per registry. */
const quotaText = (subject: string, { service }: EcrError): string =>
  `StartImageScan on ${subject} was refused: ${service?.message ?? "a quota is used up"} An image may be scanned once in 24 hours, the scan on push counted, and a registry 100,000 times. Read the last scan with scans.findings.`;

/** documented: user guide, enhanced scanning. */
const disabledText = (subject: string): string =>
  `StartImageScan on ${subject} was refused: the registry uses enhanced scanning, under which Amazon Inspector decides when to scan and none is started by hand. Read what it found with scans.findings.`;

const reworded = (error: EcrError, kind: "LimitExceeded" | "ScanUnsupported", text: string): EcrError => {
  const { operation, region, requestId, service, attempts } = error;
  return new EcrError(text, { kind, operation, region, requestId, service, attempts, cause: error });
};
