"""Which ports the services get."""

import pytest

from devstack import ports

NAMES = {"web": 5000, "solr": None}


def chosen(wishes=None, remembered=None, taken=(), fresh=(7001, 7002, 7003)):
    supply = iter(fresh)
    return ports.choose(
        NAMES,
        wishes or {},
        remembered or {},
        free=lambda port: port not in taken,
        fresh=lambda: next(supply),
    )


def test_the_first_start_prefers_the_usual_port_and_takes_free_ones():
    assert chosen() == {"web": 5000, "solr": 7001}


def test_a_taken_port_is_not_used():
    assert chosen(taken={5000}) == {"web": 7001, "solr": 7002}


def test_the_ports_of_last_time_are_kept():
    assert chosen(remembered={"web": 5001, "solr": 7777}) == {"web": 5001, "solr": 7777}


def test_a_remembered_port_that_is_taken_is_replaced():
    remembered = {"web": 5001, "solr": 7777}
    assert chosen(remembered=remembered, taken={7777}) == {"web": 5001, "solr": 7001}


def test_a_wish_wins_even_when_taken():
    assert chosen(wishes={"PORT": "8080", "SOLR_PORT": "8983"}, taken={8080}) == {
        "web": 8080,
        "solr": 8983,
    }


def test_no_port_is_given_twice():
    assert chosen(wishes={"PORT": "7001"}) == {"web": 7001, "solr": 7002}


@pytest.mark.parametrize("wish", ["http", "0", "65536", "-1", "50 00", "1e3"])
def test_a_wish_that_is_no_port_is_refused_by_name(wish):
    with pytest.raises(ValueError, match="SOLR_PORT"):
        chosen(wishes={"SOLR_PORT": wish})


def test_an_empty_wish_is_none():
    assert chosen(wishes={"PORT": ""}) == {"web": 5000, "solr": 7001}


def test_a_port_with_a_listener_is_not_free():
    import socket

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not ports.is_free(server.getsockname()[1])
    assert ports.is_free(ports.any_free())
