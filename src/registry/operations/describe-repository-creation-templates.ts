import { refuseMixedPaging, takePage } from "../paging.js";
import { describeTemplate } from "../settings/creation-templates.js";
import { prefixKey } from "../settings/prefixes.js";
import type { TemplateRecord } from "../settings/template-records.js";
import type { Key } from "../table.js";
import type { Operation } from "./operation.js";

/** documented: DescribeRepositoryCreationTemplates, maxResults. */
const DEFAULT_PAGE = 100;

/** The templates that are named, or all of them, a page at a time, in the order of their prefixes. One that is unknown is left out (assumed). */
export const describeRepositoryCreationTemplates: Operation<"DescribeRepositoryCreationTemplates"> = (
  { tables, pages },
  { account, region },
  { prefixes, nextToken, maxResults },
) => {
  refuseMixedPaging("prefixes", prefixes, { nextToken, maxResults });
  if (prefixes) {
    const found = [...new Set(prefixes.map(prefixKey))].map((key) => tables.creationTemplate.get(account, region, key));
    const repositoryCreationTemplates = found.flatMap((template) => (template ? [describeTemplate(template)] : []));
    return { registryId: account, repositoryCreationTemplates };
  }
  const listing = { operation: "DescribeRepositoryCreationTemplates", account, of: [region] };
  const after = pages.read(listing, nextToken);
  const { items, next } = takePage(
    tables.creationTemplate.list([account, region], after),
    maxResults ?? DEFAULT_PAGE,
    (_place: Key, template: TemplateRecord) => describeTemplate(template),
  );
  return { registryId: account, repositoryCreationTemplates: items, nextToken: pages.write(listing, next) };
};
