import { createFloor } from "../floor.mjs";

/** A function that makes one DescribeRepositories call and gives the number of repositories it read. */
export function createSubject(url) {
  const call = createFloor(url, { accessKeyId: "123456789012", secretAccessKey: "any", region: "us-east-1" });
  return async () => (await call({})).repositories.length;
}
