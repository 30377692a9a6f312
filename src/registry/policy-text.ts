/**
 * A policy as ECR gives it back: written anew, two spaces to a level, a space on each side of a colon and within brackets, lists on the line of
 * their member. observed: AWS CLI's samples of SetRepositoryPolicy and GetRepositoryPolicy.
 */
export function policyTextOf(value: unknown, indent = ""): string {
  if (Array.isArray(value))
    return value.length === 0 ? "[ ]" : `[ ${value.map((element) => policyTextOf(element, indent)).join(", ")} ]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value);
  if (members.length === 0) return "{ }";
  const inner = `${indent}  `;
  const lines = members.map(([name, member]) => `${inner}${JSON.stringify(name)} : ${policyTextOf(member, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
