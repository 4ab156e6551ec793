"""Files that Redis keeps: the newest answers, and no more of them."""

from uuid import uuid4

import pytest
from ckan.lib.redis import connect_to_redis

from ckanext.leszno_ngo.exports import kept_files

pytestmark = pytest.mark.usefixtures("with_plugins")


def test_the_newest_answers_are_kept_and_no_more():
    """None takes another's place, whatever their digests; the oldest goes."""
    asked = [[uuid4().hex.encode()] for _ in range(kept_files.KEPT + 1)]
    written = []

    def ask(made_of):
        return kept_files.kept("test", made_of, lambda: written.append(made_of) or made_of[0])

    assert [ask(one) for one in asked] == [one[0] for one in asked]
    assert written == asked
    assert [ask(one) for one in asked[1:]] == [one[0] for one in asked[1:]]
    assert written == asked
    assert ask(asked[0]) == asked[0][0]
    assert written == [*asked, asked[0]]
    keys = connect_to_redis().keys("ckan:*:leszno_ngo:written:test:*")
    assert len([one for one in keys if not one.endswith(b":order")]) <= kept_files.KEPT
