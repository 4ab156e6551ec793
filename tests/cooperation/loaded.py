"""Record types read from their files, without CKAN's plugins."""

from functools import cache

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import files, shared_fields
from ckanext.leszno_ngo.record_types import schema as schema_of
from tests.record_types import portal
from tests.shared_data import ROOT

SCHEMAS = ROOT / "ckanext" / "leszno_ngo" / "schemas"


def _listed() -> list[str]:
    """The types that the tests' portal has, in its order."""
    (line,) = (
        line
        for line in (ROOT / "test.ini").read_text(encoding="utf-8").splitlines()
        if line.startswith("scheming.dataset_schemas")
    )
    names = [url.rpartition("/")[2].removesuffix(".yaml") for url in line.split("=")[1].split()]
    return [name for name in names if "record_type" in read(name)]


@cache
def read(name: str) -> dict:
    own = portal.schema_file(SCHEMAS / f"{name}.yaml").data
    return dict(shared_fields.grouped(own, portal.known().field_groups).schema)


def expanded(field: dict) -> dict:
    (whole,) = files.expanded({"dataset_fields": [field]}, portal.presets())["dataset_fields"]
    return whole


@cache
def record_type(name: str) -> record_types.RecordType:
    return schema_of.build(files.expanded(read(name), portal.presets()))


#: Every type of the cooperation: all but the organisations themselves.
TYPES = tuple(name for name in _listed() if name != "ngo")
