"""Walks one of boto3's ECR paginators: paginate.py OPERATION REPOSITORY PAGE_SIZE. Prints what came, as JSON."""
import json
import sys

import boto3

operation, repository, page_size = sys.argv[1:]
pages = boto3.client("ecr").get_paginator(operation).paginate(
    repositoryName=repository, PaginationConfig={"PageSize": int(page_size)}
)
items = [page["imageIds"] if "imageIds" in page else page["imageDetails"] for page in pages]
print(
    json.dumps(
        {
            "pageSizes": [len(page) for page in items],
            "digests": [image["imageDigest"] for page in items for image in page],
            "tags": [tag for page in items for image in page for tag in image.get("imageTags", [])],
        }
    )
)
