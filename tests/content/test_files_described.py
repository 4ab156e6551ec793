"""Odd descriptions of files are refused when they are saved, by the field."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ODD = [
    *(("url", one) for one in ("http://[::1", "http://a.pl]/", "https://a.pl/\r\nX: y")),
    *(("url", one) for one in ("ht\ntp://a", "http://a.pl/" + "x" * 100_000)),
    *(("format", "x" * 40_000), ("hash", "x" * 40_000), ("description", "x" * 100_000)),
    *(("size", 10**30), ("size", -1), ("cache_url", "http://[")),
]


def test_what_no_index_and_no_reader_takes_is_refused():
    user = factories.Sysadmin()
    dataset = factories.Dataset(user=user)
    wrong = {}
    for name, value in ODD:
        given = {"package_id": dataset["id"], "url": "https://a.pl/x.csv", name: value}
        try:
            helpers.call_action("resource_create", {"user": user["name"]}, **given)
        except tk.ValidationError as error:
            if name in error.error_dict:
                continue
        wrong[name] = str(value)[:40]
    assert not wrong
    usual = {"url": "raport – żółw\u00a0(1).csv", "size": "120", "format": "CSV"}
    helpers.call_action(
        "resource_create", {"user": user["name"]}, package_id=dataset["id"], **usual
    )
