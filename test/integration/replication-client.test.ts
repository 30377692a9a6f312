import { afterEach, describe, expect, it } from "vitest";
import { digestOf, manualTime } from "../../src/index.js";
import { bareManifest } from "../fixtures/local-registry.js";
import { DOORS, type RegistryDoor } from "../fixtures/registry-door.js";
import { rejection } from "../fixtures/scripted-client.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

const destination = { region: "us-east-1", registryId: "123456789012" };
const rule = {
  destinations: [destination],
  repositoryFilters: [{ filter: "team/", filterType: "PREFIX_MATCH" as const }],
};

describe.each(DOORS)("replication, $name", ({ open }) => {
  it("is told by its rules, its destinations and what became of each copy", async () => {
    const time = manualTime({ sleeping: "skip" });
    const door = await open({ layers: "unchecked", time, replicationLagMs: 5_000 });
    doors.push(door);
    const { replication, images, call } = door.client({ time });
    expect(await replication.configuration()).toEqual({ rules: [] });
    expect(await replication.destinations()).toEqual([]);

    await call("PutReplicationConfiguration", { replicationConfiguration: { rules: [rule] } });
    expect(await replication.configuration()).toEqual({ rules: [rule] });
    expect(await replication.destinations()).toEqual([destination]);

    for (const repositoryName of ["team/app", "other"]) {
      await call("CreateRepository", { repositoryName });
      await images.putTag(repositoryName, { imageManifest: bareManifest(1) }, "v1");
    }
    const imageId = { imageDigest: digestOf(bareManifest(1)) };
    const stands = (status: string) => ({ copies: [{ ...destination, status, failureCode: undefined }] });
    expect(await replication.status("team/app", { imageTag: "v1" })).toMatchObject(stands("IN_PROGRESS"));
    await door.local.time.advance("5s");
    expect(await replication.status("team/app", imageId)).toMatchObject({ imageId, ...stands("COMPLETE") });
    expect(await replication.status("other", imageId)).toMatchObject({ copies: [] });
    expect(await rejection(replication.status("other", { imageTag: "none" }))).toMatchObject({ kind: "ImageNotFound" });
  });
});
