"""Checks Kubernetes objects strictly: unknown fields are mistakes, and so is a kind without a schema.

Reads a list of objects in JSON and prints the mistakes, one line each. Kubernetes' own kinds are checked against its published
schemas (kubernetes-validate), others against those in the folder that the first argument names: <kind>.<group>.json.
"""

import json
import pathlib
import sys

import jsonschema
import kubernetes_validate

VERSION = "1.37"
folder = pathlib.Path(sys.argv[1])


def check(thing):
    group = thing["apiVersion"].rpartition("/")[0]
    custom = folder / f"{thing['kind'].lower()}.{group}.json"
    if custom.exists():
        schema = json.loads(custom.read_text())
        jsonschema.Draft202012Validator(schema).validate(thing)
    else:
        # The program itself only warns of a kind that it does not know.
        kubernetes_validate.validate(thing, VERSION, strict=True)


for thing in json.load(sys.stdin):
    name = f"{thing.get('kind')}/{thing.get('metadata', {}).get('name')}"
    try:
        check(thing)
    except (jsonschema.ValidationError, kubernetes_validate.ValidationError) as error:
        print(f"{name} {'.'.join(str(step) for step in error.path)}: {error.message}")
    except kubernetes_validate.SchemaNotFoundError as error:
        print(f"{name}: {error.message}")
