import { EcrError } from "../../errors.js";
import type { ScanStatus } from "../../protocol/ecr/enums.js";
import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import type { OutputOf } from "../../protocol/operations.js";
import { type CallOptions, type CallScope, startScope } from "../call-scope.js";
import { requireImageId, requireRepository } from "../identifiers.js";
import { imageName } from "../image-failure.js";
import { present } from "../listed.js";
import { listing } from "../listing.js";
import type { ServiceContext } from "../service-context.js";
import { markStale, staleAgeMs } from "../staleness.js";
import { basicFinding, enhancedFinding, type Finding, type SeverityCounts, severityCounts } from "./scan-finding.js";
import { startScan } from "./start-scan.js";

/** Where the scan of an image stands. */
export interface ImageScan {
  readonly repositoryName: string;
  /** The image as ECR names it: always with its digest, with a tag where it was asked for by tag. */
  readonly imageId: ImageIdentifier;
  /** `COMPLETE` after a basic scan, `ACTIVE` while an enhanced one goes on. */
  readonly status: ScanStatus;
  /** Why, in ECR's words. */
  readonly description: string | undefined;
}

/** What a scan found. */
export interface ScanFindings extends ImageScan {
  /** All of them, in ECR's order. None while a scan is on its way: look at `status`. */
  readonly findings: readonly Finding[];
  readonly severityCounts: SeverityCounts;
  readonly completedAt: Date | undefined;
  /** How old the scanner's knowledge was. */
  readonly sourceUpdatedAt: Date | undefined;
  /** Out of a cache, because ECR could not be asked; `staleAgeMs` tells by how much. */
  readonly stale: boolean;
}

/** The scans of images, basic and enhanced. */
export interface Scans {
  /**
   * Starts a basic scan and does not wait for it.
   * @throws {EcrError} kind `LimitExceeded` when the image was scanned within 24 hours, `ScanUnsupported` for an index, for what is no
   * image, and under enhanced scanning, which starts by itself
   */
  start(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<ImageScan>;
  /** Where the scan stands, asked of ECR whatever a cache holds. @throws {EcrError} kind `ScanNotFound` when there was none */
  status(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<ImageScan>;
  /**
   * What the scan found, over all pages.
   * @throws {EcrError} kind `ScanNotFound` when there was none, `FindingsUnavailable` when they change faster than they can be read
   */
  findings(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<ScanFindings>;
}

/** The service over a client's pipeline. */
export function createScans(context: ServiceContext): Scans {
  const { send, time, registry } = context;
  const begin = (repository: string, id: ImageIdentifier, options: CallOptions | undefined): CallScope => {
    requireRepository(repository);
    requireImageId("id", id);
    return startScope(time, options);
  };
  return {
    async start(repositoryName, id, options) {
      const scope = begin(repositoryName, id, options);
      return scanOf("StartImageScan", repositoryName, id, await startScan(context, repositoryName, id, scope));
    },
    async status(repositoryName, id, options) {
      const scope = { ...begin(repositoryName, id, options), fresh: true };
      const input = { ...registry, repositoryName, imageId: id, maxResults: 1 };
      const answer = await send("DescribeImageScanFindings", input, scope);
      return scanOf("DescribeImageScanFindings", repositoryName, id, answer);
    },
    async findings(repositoryName, id, options) {
      const pages = await readPages(context, repositoryName, id, begin(repositoryName, id, options));
      return findingsIn(pages, repositoryName, id);
    },
  };
}

type FindingsPage = OutputOf<"DescribeImageScanFindings">;

/**
 * All pages of one scan. When another one ends while they are read, or a cache holds a page of an older one, they are read once
 * more from ECR itself.
 */
async function readPages(
  { send, time, registry }: ServiceContext,
  repositoryName: string,
  imageId: ImageIdentifier,
  scope: CallScope,
): Promise<readonly FindingsPage[]> {
  const read = async (within: CallScope): Promise<readonly FindingsPage[]> =>
    listing(time, {}, async (page) => {
      const answer = await send("DescribeImageScanFindings", { ...registry, repositoryName, imageId, ...page }, within);
      return { items: [answer], nextToken: answer.nextToken };
    }).all();
  const first = await read(scope);
  if (areOfOneScan(first)) return first;
  const again = await read({ ...scope, fresh: true });
  if (areOfOneScan(again)) return again;
  throw new EcrError(
    `the scan of ${imageName(repositoryName, imageId)} ended anew, twice, while its findings were read: read them again`,
    { kind: "FindingsUnavailable", category: "retryable", operation: "DescribeImageScanFindings" },
  );
}

const areOfOneScan = (pages: readonly FindingsPage[]): boolean =>
  new Set(pages.flatMap(({ imageScanFindings }) => imageScanFindings?.imageScanCompletedAt?.getTime() ?? [])).size <= 1;

function findingsIn(pages: readonly FindingsPage[], repositoryName: string, imageId: ImageIdentifier): ScanFindings {
  const [first] = pages;
  const { imageScanFindings } = first ?? {};
  const findings = pages.flatMap(findingsOf);
  const agesMs = pages.flatMap((page) => staleAgeMs(page) ?? []);
  const result: ScanFindings = {
    ...scanOf("DescribeImageScanFindings", repositoryName, imageId, first ?? {}),
    findings,
    severityCounts: severityCounts(imageScanFindings?.findingSeverityCounts, findings),
    completedAt: imageScanFindings?.imageScanCompletedAt,
    sourceUpdatedAt: imageScanFindings?.vulnerabilitySourceUpdatedAt,
    stale: agesMs.length > 0,
  };
  return agesMs.length > 0 ? markStale(result, Math.max(...agesMs)) : result;
}

const findingsOf = ({ imageScanFindings }: FindingsPage): readonly Finding[] => [
  ...(imageScanFindings?.findings ?? []).map(basicFinding),
  ...(imageScanFindings?.enhancedFindings ?? []).map(enhancedFinding),
];

function scanOf(
  operation: string,
  repositoryName: string,
  asked: ImageIdentifier,
  { imageId, imageScanStatus }: Pick<OutputOf<"StartImageScan">, "imageId" | "imageScanStatus">,
): ImageScan {
  const { status, description } = present(operation, "imageScanStatus", imageScanStatus);
  return {
    ...{ repositoryName, imageId: imageId ?? asked },
    ...{ status: present(operation, "imageScanStatus.status", status), description },
  };
}
