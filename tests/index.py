"""Solr in the tests: what is written is found at once, and not put on the disk for each test."""

from __future__ import annotations

import pysolr


def commit_quickly() -> None:
    """Make every commit of CKAN a soft one that waits until what it commits can be found."""
    update = pysolr.Solr._update

    def update_softly(solr, message, *args, commit=None, **options):
        softly = solr.always_commit if commit is None else commit
        options["softCommit"] = bool(softly or options.get("softCommit"))
        return update(solr, message, *args, commit=False, **options)

    def commit_softly(solr, **_options):
        return update(solr, '<commit softCommit="true" waitSearcher="true"/>', commit=False)

    pysolr.Solr._update = update_softly
    pysolr.Solr.commit = commit_softly
