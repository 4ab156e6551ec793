"""What programs and people rely on of every type stays: fields, columns, facets, addresses.

``interface.yaml`` is what the types had. After a change that is meant,
``WRITE_INTERFACE=1 pytest tests/record_types/test_interface.py`` writes it again; read the diff:
a name that is gone, or a column in another place, breaks what others have built.
"""

import os
from pathlib import Path

import yaml

from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.exports import csv, formats, jsonld_mapping
from tests.cooperation import loaded

FILE = Path(__file__).with_name("interface.yaml")


def interface(record_type):
    """The names of a type that others rely on, in their order."""
    fields = record_type.fields
    linked = sorted(properties(jsonld_mapping.linked_data_of(record_type)))
    return {
        "columns": " ".join(csv.headings(record_type, "pl", "codes")),
        "headings": "; ".join(csv.headings(record_type, "pl")),
        "form": {s.name: names(record_type.fields_of(s.name)) for s in record_type.sections},
        "tables": {f.name: names(f.subfields) for f in fields if f.subfields},
        "values": " ".join(f"{f.name}:{f.display}" for f in fields),
        "filters": " ".join(f"{f.name}:{f.solr_field}" for f in record_type.filter_fields),
        "searched": names(f for f in fields if f.index == "text"),
        "facets": " ".join(record_type.facets),
        "sorts": {sort.name: sort.sort for sort in record_type.sorts},
        "summary": " ".join(record_type.summary),
        "statistics": " ".join(record_type.statistics),
        "identity": " ".join(record_type.identity),
        "harvested": names(record_type.harvested_fields),
        "formats": " ".join(formats.formats_for(record_type)),
        "linked_data": "; ".join(linked),
        "360giving": " ".join(sorted(type_keys.threesixtygiving(record_type) or ())),
        "register": record_type.register.name if record_type.register else "",
    }


def names(fields):
    return " ".join(field.name for field in fields)


def properties(node):
    """Every property of a type's map of linked data, with the field that says it."""
    yield from (f"{name}: {' '.join(said)}" for name, said in node.properties.items())
    yield from (f"fixed: {name} {value}" for name, value in node.fixed.items())
    for part in node.parts:
        for said in properties(part.node):
            yield f"{' '.join(part.by)} > {said}"


def test_names_that_others_rely_on_stay():
    now = {name: interface(loaded.record_type(name)) for name in ("ngo", *loaded.TYPES)}
    if os.environ.get("WRITE_INTERFACE"):
        text = yaml.safe_dump(now, allow_unicode=True, sort_keys=False, width=1000)
        FILE.write_text(text, encoding="utf-8")
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert list(now) == list(kept)
    for name, of_type in now.items():
        for part, value in of_type.items():
            assert value == kept[name][part], f"{name}: {part}"
        assert set(of_type) == set(kept[name])
