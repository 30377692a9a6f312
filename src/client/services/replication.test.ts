import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../../test/fixtures/scripted-client.js";
import { answer, scripted } from "../../../test/fixtures/scripted-transport.js";

const to = (region: string, registryId = "123456789012") => ({ region, registryId });
const registry = (rules: readonly unknown[]) =>
  answer({ registryId: "123456789012", replicationConfiguration: { rules } });

describe("replication", () => {
  it("goes to every destination of the rules, each once", async () => {
    const { ecr } = clientOver(
      scripted(
        registry([
          { destinations: [to("us-east-1"), to("us-west-2")] },
          { destinations: [to("us-east-1"), to("us-east-1", "999999999999")] },
        ]),
      ),
    );
    expect(await ecr.replication.destinations()).toEqual([
      to("us-east-1"),
      to("us-west-2"),
      to("us-east-1", "999999999999"),
    ]);
  });

  it("of another account's registry is not taken for that of the caller's own", async () => {
    const { ecr } = clientOver(scripted(registry([]), registry([])), { registryId: "999999999999" });
    const error = {
      kind: "InvalidParameter",
      message:
        "DescribeRegistry tells of the account's own registry, 123456789012, not of 999999999999: read its replication rules with credentials of that account",
    };
    expect(await rejection(ecr.replication.configuration())).toMatchObject(error);
    expect(await rejection(ecr.replication.destinations())).toMatchObject(error);
  });

  it("of an image says of each copy where it stands, and why one failed", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const transport = scripted(
      answer({
        repositoryName: "app",
        imageId: { imageDigest: digest },
        replicationStatuses: [
          { ...to("us-east-1"), status: "COMPLETE" },
          { ...to("us-west-2"), status: "FAILED", failureCode: "AccessDenied" },
        ],
      }),
    );
    expect(await clientOver(transport).ecr.replication.status("app", { imageTag: "v1" })).toEqual({
      repositoryName: "app",
      imageId: { imageDigest: digest },
      copies: [
        { ...to("us-east-1"), status: "COMPLETE", failureCode: undefined },
        { ...to("us-west-2"), status: "FAILED", failureCode: "AccessDenied" },
      ],
    });
  });

  it("of an answer without its list is not taken for none", async () => {
    const { ecr } = clientOver(scripted(answer({}), answer({})));
    expect(await rejection(ecr.replication.status("app", { imageTag: "v1" }))).toMatchObject({
      kind: "InvalidResponse",
    });
    expect(await rejection(ecr.replication.configuration())).toMatchObject({ kind: "InvalidResponse" });
  });
});
