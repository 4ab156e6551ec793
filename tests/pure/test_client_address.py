"""The address of a client: what proxies of ours say, and nobody else."""

import pytest

from ckanext.leszno_ngo import client_address

OURS = client_address.networks(["127.0.0.1", "10.0.0.0/8", "fd00::/8"])


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),  # a stranger's word
        ("127.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("127.0.0.1", ["6.6.6.6, 203.0.113.5"], "203.0.113.5"),  # the client's own beginning
        ("127.0.0.1", ["6.6.6.6", "203.0.113.5"], "203.0.113.5"),  # the same in two headers
        ("127.0.0.1", ["203.0.113.5, 10.1.2.3"], "203.0.113.5"),  # two proxies
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["x"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("::ffff:127.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        (None, ["203.0.113.5"], "unknown"),
    ],
)
def test_who_asks(remote, forwarded, expected):
    assert client_address.resolve_client(remote, forwarded, OURS) == expected


def test_an_ipv6_client_is_its_network():
    assert client_address.counted("2001:db8:1:2::5") == client_address.counted("2001:db8:1:2::6")
    assert client_address.counted("2001:db8:1:3::5") != client_address.counted("2001:db8:1:2::5")
    assert client_address.counted("203.0.113.5") == "203.0.113.5"


def test_a_wrong_proxy_is_refused():
    with pytest.raises(ValueError):
        client_address.networks(["nginx"])
