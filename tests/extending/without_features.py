"""A portal with every feature switched off, looked at from inside: run by test_features."""

import json
import re
import sys

#: Plugins of features, and those that only they need.
PLUGINS = (
    "leszno_ngo_map",
    "leszno_ngo_report",
    "leszno_ngo_360giving",
    "leszno_ngo_ods",
    "leszno_ngo_dane_gov_pl",
    "leszno_ngo_dcat",
    "dcat",
)
#: Packages of features, and libraries that nothing else needs.
PACKAGES = (
    "ckanext.leszno_ngo.features",
    "ckanext.leszno_ngo.cooperation.report",
    "ckanext.leszno_ngo.cooperation.threesixtygiving",
    "ckanext.dcat",
    "rdflib",
    "odfdo",
    "docx",
    "matplotlib",
    "xstatic.pkg.leaflet",
)
#: What features have addresses for.
ADDRESSES = (
    "/mapa",
    "/mapa.geojson",
    "/program/raport/2026",
    "/program/raport/2026.docx",
    "/grant.360giving.json",
    "/grant.360giving.csv",
    "/ngo.ods",
    "/api/leszno-ngo/dane-gov-pl.json",
    "/api/leszno-ngo/dane-gov-pl.xml",
    "/catalog.ttl",
)
#: What a link to one of them has in it.
LINKS = ("/mapa", "leaflet", "/program/raport", "360giving", ".ods", "dane-gov-pl", "catalog.")
PAGES = ("/", "/ngo/", "/grant/", "/szukaj", "/kalendarz", "/program", "/ngo/{name}")


def main(ini: str, name: str) -> None:
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    client = make_app(load_config(ini))._wsgi_app.test_client()
    pages = {page: client.get(page.format(name=name)) for page in PAGES}
    links = {
        link
        for answer in pages.values()
        for link in re.findall(r'(?:href|src)="([^"]+)"', answer.get_data(as_text=True))
    }
    found = {
        "statuses": {page: answer.status_code for page, answer in pages.items()},
        "gone": {address: client.get(address).status_code for address in ADDRESSES},
        "links": sorted(link for link in links if any(part in link for part in LINKS)),
        "imported": sorted(
            module
            for module in sys.modules
            if any(module == package or module.startswith(f"{package}.") for package in PACKAGES)
        ),
    }
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
