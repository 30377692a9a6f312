import type { RepositoryCreationTemplate } from "../../protocol/ecr/creation-templates.js";

/** A creation template as it is kept; its registry and its prefix without the trailing `/` are its key. */
export interface TemplateRecord
  extends Omit<RepositoryCreationTemplate, "prefix" | "appliedFor" | "createdAt" | "updatedAt"> {
  /** As it was given. */
  readonly prefix: string;
  readonly appliedFor: NonNullable<RepositoryCreationTemplate["appliedFor"]>;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A principal whose pulls do not count; registry and ARN are its key. */
export interface ExclusionRecord {
  readonly createdAtMs: number;
}
