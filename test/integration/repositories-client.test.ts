import { afterEach, describe, expect, it } from "vitest";
import { manualTime } from "../../src/index.js";
import { DOORS, type OpenDoor, type RegistryDoor } from "../fixtures/registry-door.js";
import { rejection } from "../fixtures/scripted-client.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

async function started(open: OpenDoor) {
  const time = manualTime({ sleeping: "skip" });
  const door = await open({ layers: "unchecked", time });
  doors.push(door);
  return door.client({ time });
}

const policyText = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      ...{ Sid: "pull", Effect: "Allow", Principal: { AWS: "999999999999" } },
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    },
  ],
});
const lifecyclePolicyText = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
});

describe.each(DOORS)("repositories, $name", ({ open }) => {
  it("are listed by prefix, and over pages", async () => {
    const { repositories, call } = await started(open);
    for (const repositoryName of ["team/a", "team/b", "other"]) await call("CreateRepository", { repositoryName });
    const found = await repositories.list({ prefix: "team/" }, { pageSize: 1 }).all();
    expect(found.map(({ repositoryName }) => repositoryName)).toEqual(["team/a", "team/b"]);
  });

  it("are got by name, any number of them, and unknown ones are named", async () => {
    const { repositories, call } = await started(open);
    const names = Array.from({ length: 130 }, (_, index) => `app-${index}`);
    await Promise.all(names.map((repositoryName) => call("CreateRepository", { repositoryName })));
    const unknown = ["no-1", "no-2", "no-3"];
    const { repositories: found, failures } = await repositories.batchGet([...names, ...unknown]);
    expect(found.map(({ repositoryName }) => repositoryName)).toEqual(names);
    expect(failures.map(({ repositoryName }) => repositoryName)).toEqual(unknown);
    expect(failures[0]?.failureReason).toContain("'no-1' does not exist");
  });

  it("tell their policies and their tags", async () => {
    const { repositories, call } = await started(open);
    await call("CreateRepository", { repositoryName: "app", tags: [{ Key: "team", Value: "web" }] });
    expect(await rejection(repositories.policy("app"))).toMatchObject({ kind: "RepositoryPolicyNotFound" });
    expect(await rejection(repositories.lifecyclePolicy("app"))).toMatchObject({ kind: "LifecyclePolicyNotFound" });

    await call("SetRepositoryPolicy", { repositoryName: "app", policyText });
    await call("PutLifecyclePolicy", { repositoryName: "app", lifecyclePolicyText });
    const policy = await repositories.policy("app");
    expect(JSON.parse(policy.text)).toEqual(JSON.parse(policyText));
    expect(policy.document?.statements).toMatchObject([
      { sid: "pull", effect: "Allow", principals: { values: [{ value: "arn:aws:iam::999999999999:root" }] } },
    ]);
    const lifecycle = await repositories.lifecyclePolicy("app");
    expect(lifecycle.rules).toMatchObject([{ rulePriority: 1, selection: { countNumber: 14 } }]);
    expect(await repositories.tags("app")).toEqual(new Map([["team", "web"]]));
  });

  it("that do not exist are RepositoryNotFound, whatever is asked", async () => {
    const { repositories } = await started(open);
    for (const name of ["get", "policy", "lifecyclePolicy", "tags"] as const)
      expect(await rejection(repositories[name]("none"))).toMatchObject({ kind: "RepositoryNotFound" });
  });
});
