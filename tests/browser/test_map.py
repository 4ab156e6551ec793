"""The map with a mouse, with the keyboard, without scripts, and on a telephone."""

import pytest

from benchmarks import points
from ckanext.leszno_ngo.features.map import cells
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations
from tests.cooperation import records
from tests.cooperation.records import ahead
from tests.residents.test_map_cells import fill

# Tiles come from the test's own server, which has none.
pytestmark = pytest.mark.ckan_config("ckanext.leszno_ngo.map.tile_url", "/tiles/{z}/{x}/{y}.png")


@pytest.fixture
def town(server):
    """Three entries at one place and one, which is returned, on the other side of the town."""
    at = {"latitude": "51.8403", "longitude": "16.5749"}
    records.create("premises", title="Sala", **at)
    records.create("premises", title="Biuro", **at)
    records.create("event", title="Festyn", start_date=ahead(days=5), **at)
    return records.create("premises", title="Hala", latitude="51.8592", longitude="16.5561")


def opened(tab, address="/mapa"):
    tab.goto(address)
    tab.locator(".ln-map").scroll_into_view_if_needed()
    tab.wait_for_selector(".ln-pin")
    return tab


def focused(tab):
    return tab.evaluate(
        "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    )


def drag(tab):
    """Move the map by 150 pixels to the right."""
    frame = tab.locator(".ln-map-frame").bounding_box()
    x, y = frame["x"] + 20, frame["y"] + frame["height"] - 60
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 75, y, steps=3)
    tab.mouse.move(x + 150, y, steps=3)
    tab.mouse.up()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_on_the_map_and_in_its_popups(width, town, open_tab):
    tab = opened(open_tab(width))
    assert violations(tab) == []
    tab.click("[aria-label='Wpisy w tym miejscu: 3']")
    tab.wait_for_selector(".leaflet-popup-content a")
    assert violations(tab) == []
    assert runs_out(tab) == 0


def test_entries_at_one_place_are_one_point_that_lists_them(town, open_tab):
    tab = opened(open_tab())
    assert tab.locator(".ln-pin").count() == 2
    assert tab.locator(".ln-map [role=status]").inner_text() == "Punkty na mapie: 4"
    tab.click("[aria-label='Wpisy w tym miejscu: 3']")
    links = tab.locator(".leaflet-popup-content a")
    assert sorted(links.all_inner_texts()) == ["Biuro", "Festyn", "Sala"]
    tab.click(".leaflet-popup-content a:text('Sala')")
    tab.wait_for_selector("h1:text('Sala')")


def test_the_keyboard_opens_a_point_follows_its_link_and_comes_back(town, open_tab):
    tab = opened(open_tab())
    tab.focus(".ln-map-frame")
    tab.keyboard.press("Tab")
    assert focused(tab) == "Wpisy w tym miejscu: 3"
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".leaflet-popup-content a")
    assert focused(tab) in {"Biuro", "Festyn", "Sala"}
    tab.keyboard.press("Escape")
    tab.wait_for_selector(".leaflet-popup", state="detached")
    assert focused(tab) == "Wpisy w tym miejscu: 3"
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".leaflet-popup-content a")
    title = focused(tab)
    tab.keyboard.press("Enter")
    tab.wait_for_selector(f"h1:text('{title}')")


def test_many_entries_are_zoomed_into_by_the_keyboard_too(server, open_tab):
    for number in range(14):
        records.create(
            "premises",
            title=f"Lokal {number}",
            latitude=str(51.8403 + number * 0.0002),
            longitude="16.5749",
        )
    records.create("premises", title="Daleko", latitude="52.4", longitude="16.9")
    tab = opened(open_tab())
    tab.focus("[aria-label='14 wpisów, przybliż']")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[aria-label='14 wpisów, przybliż']", state="detached")
    assert focused(tab) == "Mapa"
    tab.keyboard.press("Tab")
    assert tab.locator(".ln-pin").count() > 1


def test_more_than_are_drawn_are_numbers_that_come_apart(server, open_tab):
    fill(points.documents(cells.MOST_POINTS + 100))
    tab = opened(open_tab(PHONE))
    assert tab.locator(".ln-map [role=status]").inner_text() == "Punkty na mapie: 400"
    shown = [int(text) for text in tab.locator(".ln-pin-many").all_inner_texts()]
    assert sum(shown) == 400
    assert violations(tab) == []
    label = f"{max(shown)} wpisów, przybliż"
    tab.locator(f"[aria-label='{label}']").first.focus()
    places = tab.locator("[aria-label='Wpisy w tym miejscu: 10']")
    while places.count() == 0:
        with tab.expect_response("**/mapa.geojson?*bbox=*"):
            tab.keyboard.press("Enter")
        tab.wait_for_selector(".ln-map-frame[aria-busy=false]")
        assert focused(tab) == "Mapa"
        tab.locator(".ln-pin").first.focus()
    places.first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".leaflet-popup-content a")
    assert focused(tab).startswith("Sala nr ")
    drag(tab)
    drag(tab)
    assert tab.locator(".leaflet-popup-content a").count() == 10
    with tab.expect_response("**/mapa.geojson?*bbox=*"):
        tab.keyboard.press("Escape")


def test_the_list_is_there_without_scripts(town, open_tab):
    tab = open_tab(javascript=False)
    tab.goto("/mapa")
    assert tab.locator(".ln-card").count() == 4
    assert not tab.locator(".ln-map").is_visible()
    tab.check("#ln-facets input[name=dataset_type][value=event]")
    tab.click("#ln-facets button[type=submit]")
    assert tab.locator(".ln-card h3").all_inner_texts() == ["Festyn"]


def test_a_map_that_fails_says_so_and_the_list_stays(town, open_tab):
    tab = open_tab()
    tab.route("**/mapa.geojson*", lambda route: route.fulfill(status=503, body=""))
    tab.goto("/mapa")
    tab.locator(".ln-map").scroll_into_view_if_needed()
    tab.wait_for_selector(".ln-map [role=status]:text('Mapa teraz nie działa')")
    assert tab.locator(".ln-card").count() == 4


def test_the_map_has_the_outline_and_fetches_tiles_only_when_asked_for_streets(town, open_tab):
    tab = open_tab()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.route("**/tiles/**", lambda route: route.fulfill(status=404, body=""))
    opened(tab)
    assert tab.locator(".ln-outline-own").count() == 1
    assert "Leszno" in tab.locator(".ln-outline-name").all_inner_texts()
    assert not any("/tiles/" in url for url in asked)
    tab.click(".ln-map button:text('Pokaż ulice')")
    tab.wait_for_selector(".leaflet-tile", state="attached")
    assert any("/tiles/" in url for url in asked)
    assert focused(tab) == "Mapa"
    assert violations(tab) == []


def test_a_record_fetches_tiles_only_when_its_map_is_asked_for(town, open_tab):
    tab = open_tab()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.route("**/tiles/**", lambda route: route.fulfill(status=404, body=""))
    tab.goto(f"/premises/{town['name']}")
    tab.wait_for_selector(".ln-map button")
    assert not any("/tiles/" in url or "leaflet" in url for url in asked)
    tab.click(".ln-map button")
    tab.wait_for_selector(".leaflet-tile", state="attached")
    assert any("/tiles/" in url for url in asked)
    assert tab.locator(".leaflet-control-attribution").inner_text() == "© autorzy OpenStreetMap"
    assert focused(tab) == "Mapa: Hala"
    assert violations(tab) == []
