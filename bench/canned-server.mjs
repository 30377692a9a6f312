// The server of the client bench, in a process of its own: it answers every request with the same DescribeRepositories
// page, so that all that differs between runs is the client. Prints its URL when it listens.
import { createServer } from "node:http";

const account = "123456789012";
const repositories = Array.from({ length: 10 }, (_, number) => ({
  repositoryArn: `arn:aws:ecr:us-east-1:${account}:repository/team/service-${number}`,
  registryId: account,
  repositoryName: `team/service-${number}`,
  repositoryUri: `${account}.dkr.ecr.us-east-1.amazonaws.com/team/service-${number}`,
  createdAt: 1_764_000_000.123 + number,
  imageTagMutability: "MUTABLE",
  imageScanningConfiguration: { scanOnPush: false },
  encryptionConfiguration: { encryptionType: "AES256" },
}));
const body = Buffer.from(JSON.stringify({ repositories }));
const headers = {
  "content-type": "application/x-amz-json-1.1",
  "content-length": body.length,
  "x-amzn-requestid": "00000000-0000-4000-8000-000000000000",
};

const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => response.writeHead(200, headers).end(body));
});
server.listen(0, "127.0.0.1", () => console.log(`ready on http://127.0.0.1:${server.address().port}`));
