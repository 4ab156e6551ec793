"""Records with a value in every field that people may fill in."""

from ckanext.leszno_ngo import record_types, vocabularies
from tests.cooperation.records import SMALL, create

FULL = {
    "title": "Stowarzyszenie „Żyć lepiej” im. Łucji Ćwik",
    "name": "zyc-lepiej",
    "legal_name": "STOWARZYSZENIE „ŻYĆ LEPIEJ” IM. ŁUCJI ĆWIK",
    "legal_form": "stowarzyszenie_rejestrowe",
    "notes": 'Pierwszy wiersz;\ndrugi, z przecinkiem i "cudzysłowem".',
    "spheres": ["17", "1"],
    "aims": "Pomoc; sport, kultura",
    "pkd_unpaid": ["94.99.Z", "88.99.Z"],
    "pkd_paid": ["85.51.Z"],
    "pkd_business": ["47.91.Z"],
    "email": "biuro@zyc-lepiej.example.org",
    "phone": "+48 65 529 81 00",
    "website": "https://zyc-lepiej.example.org",
    "social_profiles": ["https://facebook.com/a", "https://x.com/b"],
    "edelivery_address": "AE:PL-12345-67890-ABCDE-12",
    "street": "Rynek",
    "building_number": "1",
    "flat_number": "2",
    "postal_code": "64-100",
    "post_office": "Leszno",
    "town": "Leszno",
    "district": "Zatorze",
    "municipality": "Leszno",
    "county": "Leszno",
    "voivodeship": "wielkopolskie",
    "teryt": "3063011",
    "latitude": "51.8403",
    "longitude": "16.5749",
    "register_number": "KS/12",
    "status": "in_liquidation",
    "registered_date": "2001-02-03",
    "last_entry_date": "2024-05-06",
    "removed_date": "2025-12-31",
    "opp": "true",
    "opp_tax_years": ["2024", "2025"],
}

# What must not be in a text that a spreadsheet, XML or JSON would read as its own.
TITLE, NOTES = "=1+1 „Żółć” <b c> & końcówka", "-2+3\ndrugi  wiersz;\t@x"
_BY_DISPLAY = {
    "money": "1 234,50",
    "number": "7",
    "percent": "20",
    "date": "2026-03-01",
    "datetime": "2026-03-01T10:30",
    "flag": "true",
    "link": "https://example.org/strona?a=1&b=2",
    "links": ["https://example.org/a"],
    "email": "biuro@urzad.example.org",
    "phone": "+48 65 529 81 00",
    "list": ["pierwszy; wpis", "+drugi"],
}
_BY_NAME = {
    "latitude": "51.84",
    "longitude": "16.57",
    "year": "2026",
    "postal_code": "64-100",
    "building_number": "15A",
    "flat_number": "2",
    # An entry about the past: what is missing is a warning then.
    "archive": "true",
}
_NEVER = {"name", "owner_org", "sources", "title", "notes"}


def full(name, made):
    """Make a record of a type with a value in every field.

    :param name: the type's name
    :param made: type → records made before, for links to point at
    """
    record_type = record_types.get(name)
    values = {
        field.name: _value(field, made) for field in record_type.fields if field.name not in _NEVER
    }
    filled = {key: value for key, value in values.items() if value not in (None, [])}
    return create(name, **{**filled, **SMALL[name], "title": TITLE, "notes": NOTES})


def _value(field, made):
    if field.subfields:
        row = {sub.name: _value(sub, made) for sub in field.subfields}
        return [{key: value for key, value in row.items() if value not in (None, [])}]
    if field.link:
        ids = [r["id"] for kind in field.link.types for r in made.get(kind, ())][:1]
        return ids if field.display == "references" else next(iter(ids), None)
    if field.vocabulary:
        codes = vocabularies.get(field.vocabulary).codes
        return list(codes[:2]) if field.is_list else codes[0]
    usual = f"Tekst pola „{field.name}”"
    return _BY_NAME.get(field.name) or _BY_DISPLAY.get(field.display, usual)
