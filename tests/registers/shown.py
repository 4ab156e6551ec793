"""What is public of a register."""

import csv
import io
from pathlib import Path

from ckan.lib import uploader
from ckan.tests import helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import rows

NAME = "dotacje-dla-organizacji-pozarzadowych"


def dataset(name=NAME):
    return helpers.call_action("package_show", id=name)


def resources(name=NAME):
    """Resources of the files, by suffix; others by their part and day."""
    found = {}
    for one in dataset(name)["resources"]:
        key = one["url"].rpartition(".")[2] if one["register_part"] == "file" else None
        found[key or f"{one['register_part']} {one.get('state_date', '')}".strip()] = one
    return found


def path(resource):
    upload = uploader.get_resource_uploader({"id": resource["id"], "url": resource["url"]})
    return Path(upload.get_path(resource["id"]))


def titles(resource, of="grant"):
    heading = next(c for c in rows.columns(record_types.get(of)) if c.name == "title").heading("pl")
    read = csv.DictReader(io.StringIO(path(resource).read_text("utf-8-sig")))
    return sorted(row[heading] for row in read)


def state(name=NAME):
    """Everything that a failed or needless run must leave as it is."""
    shown = dataset(name)
    return shown, {one["id"]: path(one).read_bytes() for one in shown["resources"] if one["hash"]}
