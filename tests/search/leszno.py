"""The 30 organisations of Leszno on the national OPP list, as records of the catalogue."""

import csv
from pathlib import Path

import yaml

from tests.shared_data import shared

QUERIES = Path(__file__).with_name("queries.yaml")


def queries() -> list[dict]:
    """The table of queries and right answers."""
    return yaml.safe_load(QUERIES.read_text(encoding="utf-8"))


def rows() -> list[dict[str, str]]:
    """Rows of the OPP list whose seat is the city of Leszno."""
    with shared("opp/opp-list-2025.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [
            row
            for row in csv.DictReader(stream)
            if (row["Voivodeship"], row["City"]) == ("WIELKOPOLSKIE", "LESZNO")
        ]


def record(row: dict[str, str]) -> dict:
    """A row as one hands it to ``package_create``."""
    from ckanext.leszno_ngo import polish

    found = {
        "type": "ngo",
        "name": f"krs-{row['KRS']}",
        "title": polish.readable_name(row["Name"]),
        "legal_name": row["Name"],
        "legal_form": "fundacja" if "FUNDACJA" in row["Name"] else "stowarzyszenie_rejestrowe",
        "status": "active",
        "krs": row["KRS"],
        "opp": "true",
        "opp_tax_years": ["2024"],
        "town": "Leszno",
        "municipality": "Leszno",
        "county": "Leszno",
        "voivodeship": "wielkopolskie",
        "teryt": "3063011",
    }
    return found | ({"nip": row["NIP"]} if row["NIP"] else {})


def is_right(entry: dict, found: list[str], count: int) -> bool:
    """Whether an answer is what the table asks for.

    :param entry: one entry of the table
    :param found: KRS numbers of the results, best first
    :param count: number of all results
    """
    if entry.get("none"):
        return count == 0
    right = set(entry["right"])
    return (
        bool(right & set(found[:3]))
        and count <= entry.get("at_most", count)
        and (not entry.get("all") or right <= set(found))
    )
