"""Which orders of results this portal's Solr can give."""

from __future__ import annotations

import dataclasses

from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import capability

# CKAN's own schema has no dynamic field of numbers: there "9" comes after "10 000".
_NUMBERS = "_amount "


def usable(record_type: RecordType) -> RecordType:
    """Return a type without the sorts that this portal's Solr would get wrong.

    :param record_type: the type searched
    :returns: the same type, or on CKAN's own Solr schema one without sorts by numbers
    """
    if capability.has_polish() or not any(_NUMBERS in s.sort for s in record_type.sorts):
        return record_type
    kept = tuple(sort for sort in record_type.sorts if _NUMBERS not in sort.sort)
    return dataclasses.replace(record_type, sorts=kept)
