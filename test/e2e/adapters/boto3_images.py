"""Moves images with boto3 alone, by the layer API: boto3_images.py ACCOUNT ACT ARGUMENT..."""
import hashlib
import json
import pathlib
import sys
import urllib.request

import boto3

ecr = boto3.client("ecr")
account, act, *arguments = sys.argv[1:]
OCI = "application/vnd.oci."
INDEX, MANIFEST = f"{OCI}image.index.v1+json", f"{OCI}image.manifest.v1+json"


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def push_blob(repository, content):
    upload = ecr.initiate_layer_upload(registryId=account, repositoryName=repository)
    place = {"registryId": account, "repositoryName": repository, "uploadId": upload["uploadId"]}
    size = upload["partSize"]
    for first in range(0, len(content), size):
        part = content[first : first + size]
        ecr.upload_layer_part(**place, partFirstByte=first, partLastByte=first + len(part) - 1, layerPartBlob=part)
    ecr.complete_layer_upload(**place, layerDigests=[digest_of(content)])


def pull_blob(repository, digest):
    url = ecr.get_download_url_for_layer(registryId=account, repositoryName=repository, layerDigest=digest)["downloadUrl"]
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def image_of(repository, **image_id):
    answer = ecr.batch_get_image(registryId=account, repositoryName=repository, imageIds=[image_id], acceptedMediaTypes=[INDEX, MANIFEST])
    if answer["failures"]:
        raise SystemExit(json.dumps(answer["failures"]))
    return answer["images"][0]


def put(repository, manifest, tag=None):
    with_tag = {"imageTag": tag} if tag else {}
    try:
        ecr.put_image(registryId=account, repositoryName=repository, imageManifest=manifest, **with_tag)
    except ecr.exceptions.ImageAlreadyExistsException:
        pass


def blobs_of(manifest):
    parsed = json.loads(manifest)
    return [blob["digest"] for blob in [parsed["config"], *parsed["layers"]]]


def login():
    ecr.get_authorization_token(registryIds=[account])


def push(folder, repository, tag):
    blobs = pathlib.Path(folder) / "blobs/sha256"
    read = lambda digest: (blobs / digest.removeprefix("sha256:")).read_bytes()
    index = json.loads((pathlib.Path(folder) / "index.json").read_text())
    manifest = read(index["manifests"][0]["digest"]).decode()
    for digest in blobs_of(manifest):
        push_blob(repository, read(digest))
    put(repository, manifest, tag)


def pull(repository, tag, folder):
    manifest = image_of(repository, imageTag=tag)["imageManifest"]
    place = pathlib.Path(folder)
    place.mkdir()
    (place / "manifest.json").write_text(manifest)
    for digest in blobs_of(manifest):
        (place / digest.removeprefix("sha256:")).write_bytes(pull_blob(repository, digest))


def copy(source, tag, target, new_tag):
    copy_image(source, {"imageTag": tag}, target, new_tag)


def copy_image(source, image_id, target, tag=None):
    manifest = image_of(source, **image_id)["imageManifest"]
    children = json.loads(manifest).get("manifests")
    for child in children or []:
        copy_image(source, {"imageDigest": child["digest"]}, target)
    if children is None and source != target:
        for digest in blobs_of(manifest):
            push_blob(target, pull_blob(source, digest))
    put(target, manifest, tag)


def tags(repository):
    for page in ecr.get_paginator("list_images").paginate(registryId=account, repositoryName=repository, filter={"tagStatus": "TAGGED"}):
        for image in page["imageIds"]:
            print(image["imageTag"])


def attach(artifact_type, file, repository, tag):
    subject = image_of(repository, imageTag=tag)
    contents = pathlib.Path(file).read_bytes()
    descriptor = lambda media_type, content: {
        "mediaType": media_type,
        "digest": digest_of(content),
        "size": len(content),
    }
    for content in (b"{}", contents):
        push_blob(repository, content)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": artifact_type,
        "config": descriptor(f"{OCI}empty.v1+json", b"{}"),
        "layers": [descriptor("application/json", contents)],
        "subject": descriptor(MANIFEST, subject["imageManifest"].encode()),
    }
    put(repository, json.dumps(manifest))


def referrers(repository, tag):
    subject = image_of(repository, imageTag=tag)["imageId"]["imageDigest"]
    found = ecr.list_image_referrers(registryId=account, repositoryName=repository, subjectId={"imageDigest": subject})["referrers"]
    print(json.dumps([{key: one[key] for key in ("digest", "artifactType")} for one in found]))


def remove(repository, tag):
    answer = ecr.batch_delete_image(registryId=account, repositoryName=repository, imageIds=[{"imageTag": tag}])
    if answer["failures"]:
        raise SystemExit(json.dumps(answer["failures"]))


acts = {one.__name__: one for one in (login, push, pull, copy, tags, attach, referrers, remove)}
acts[act](*arguments)
