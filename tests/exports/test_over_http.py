"""A file over a real HTTP connection: in pieces, and visibly broken off when it is cut."""

import csv
import json
from contextlib import contextmanager
from threading import Thread

import pysolr
import pytest
import requests
from werkzeug.serving import make_server

from ckanext.leszno_ngo.exports import records
from tests.exports.test_volume import fill

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@contextmanager
def serving(app):
    server = make_server("127.0.0.1", 0, app.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_file_comes_in_pieces_and_whole(app):
    fill(1_200)
    with serving(app) as address:
        answer = requests.get(f"{address}/ngo.csv", stream=True, timeout=60)
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert "Content-Length" not in answer.headers
        rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(keepends=True)))
        assert len(rows) == 1 + int(answer.headers["X-Total-Count"]) == 1_201
        file = json.loads(requests.get(f"{address}/ngo.json", timeout=60).content)
        assert file["count"] == len(file["records"]) == 1_200


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_a_file_that_is_cut_is_an_error_for_the_client(app, monkeypatch, suffix):
    fill(1_200)
    send = pysolr.Solr._send_request
    asked = []

    def away_after_the_first_records(self, method, path="", *args, **kwargs):
        asked.append(path)
        if len(asked) > 2:
            raise pysolr.SolrError("gone")
        return send(self, method, path, *args, **kwargs)

    monkeypatch.setattr(records, "CHUNK", 300)
    monkeypatch.setattr(pysolr.Solr, "_send_request", away_after_the_first_records)
    with serving(app) as address, pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{address}/ngo.{suffix}", timeout=60)
    assert len(asked) == 3
