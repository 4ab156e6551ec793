"""What the page of a harvest job offers beside its figures."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest import messages, naming, store, undo


def leszno_ngo_harvest_run(job: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """Return what may be done with a run of a harvest.

    :param job: the harvest job
    :param source: its source
    :returns: ``plan`` (there is something to confirm), ``by_hand`` (only by the command), ``undo``
        (number of records that can be put back), ``undone`` (when), ``left`` (lines of what
        was not) and ``unnamed`` (number of entries among it that the reader may not see)
    """
    undone = store.undone(job["id"])
    left = undone["left"] if undone else ()
    named = naming.entries({"user": tk.current_user.name}, [id_ for id_, *_ in left])
    lines = [
        messages.left(None, named[id_], why, fields)
        for id_, _title, why, *fields in left
        if id_ in named
    ]
    found: dict[str, Any] = {
        "undone": undone["when"] if undone else "",
        "left": lines,
        "unnamed": len(left) - len(lines),
        "plan": "",
        "undo": 0,
    }
    if not tk.h.check_access("harvest_job_create", {"source_id": job["source_id"]}):
        return found
    found["plan"] = (store.summary_of(job["id"]) or {}).get("plan", "")
    found["by_hand"] = not str(source.get("url", "")).startswith(("http://", "https://"))
    found["undo"] = undo.possible(job["id"])
    return found
