"""What keeps a record from being saved, said where it is mended."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.views.shared.contexts import request_context


def to_form(id_: str, error: tk.ValidationError) -> ResponseReturnValue:
    """Lead to a record's form, with what is wrong said above it.

    :param id_: the record's id
    :param error: what an action said of it
    """
    record = tk.get_action("package_show")(request_context(), {"id": id_})
    record_type = record_types.get(record["type"])
    labels = {f.name: f.label for f in record_type.fields} if record_type else {}
    for name, said in error.error_dict.items():
        label = tk.h.leszno_ngo_text(labels[name]) if name in labels else name
        texts = [text for text in said if isinstance(text, str)] if isinstance(said, list) else []
        tk.h.flash_error(f"{label}: {' '.join(texts)}")
    return tk.redirect_to(f"{record['type']}.edit", id=record["name"])
