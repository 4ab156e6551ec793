"""What a visitor's browser loads for a public page that it has never seen."""

from __future__ import annotations

import gzip

from tests.pages.test_caching import addresses  # noqa: F401

MOST_BYTES, MOST_REQUESTS = 100_000, 10
#: The map loads Leaflet, the points and the outline.
MAP_BYTES, MAP_REQUESTS = 250_000, 14
#: Beginnings of the addresses that are opened: one page a kind is enough.
_KINDS = ("/ngo", "/grant/", "/pieniadze", "/program", "/mapa", "/dataset/")
_PACKED = ("image/png", "image/jpeg", "image/vnd", "font/")


def size(response) -> int:
    """Return the bytes of an answer as a proxy compresses it."""
    body = response.body()
    is_packed = response.headers.get("content-type", "").startswith(_PACKED)
    return len(body if is_packed else gzip.compress(body, 6))


def test_public_pages_are_light(server, addresses, open_tab):  # noqa: F811
    for address in [one for one in addresses if one == "/" or one.startswith(_KINDS)]:
        tab = open_tab()
        answers = []
        tab.on("response", lambda answer, seen=answers: seen.append(answer))
        tab.goto(address, wait_until="networkidle")
        if address == "/mapa":
            tab.locator(".ln-map").scroll_into_view_if_needed()
            tab.wait_for_selector(".ln-pin")
        sizes = {answer.url: size(answer) for answer in answers}
        on_map = address == "/mapa"
        assert sum(sizes.values()) <= (MAP_BYTES if on_map else MOST_BYTES), sizes
        assert len(answers) <= (MAP_REQUESTS if on_map else MOST_REQUESTS), sizes
        tab.context.close()
