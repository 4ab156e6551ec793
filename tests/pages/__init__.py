"""What tests of pages share."""

FULL = {
    "type": "ngo",
    "name": "leszczynski-bank-zywnosci",
    "title": "Stowarzyszenie Leszczyński Bank Żywności",
    "legal_name": "STOWARZYSZENIE LESZCZYŃSKI BANK ŻYWNOŚCI",
    "legal_form": "stowarzyszenie_rejestrowe",
    "status": "active",
    "krs": "0000034219",
    "nip": "6971909851",
    "opp": True,
    "opp_tax_years": ["2025", "2026"],
    "spheres": ["1", "3"],
    "notes": "Zbieramy żywność ze sklepów i rozdajemy ją potrzebującym.",
    "aims": "1. Pozyskiwanie żywności.\n2. Pomoc osobom w trudnej sytuacji.",
    "email": "bank@example.org",
    "phone": "+48 65 529 81 00",
    "website": "https://www.leszno.pl",
    "social_profiles": ["https://www.facebook.com/leszno"],
    "street": "ul. Karasia",
    "building_number": "15",
    "flat_number": "2",
    "postal_code": "64-100",
    "town": "Leszno",
    "latitude": "51.8403",
    "longitude": "16.5749",
    "registered_date": "2001-08-09",
    "pkd_unpaid": ["88.99.Z"],
}

SOURCES = [
    {
        "id": "opp",
        "title": "Wykaz OPP",
        "url": "https://example.org/opp.csv",
        "licence": "cc-by",
        "retrieved": "2026-11-24",
        "state_date": "2025-11-30",
        "fields": ["krs", "legal_name"],
        "missing_since": None,
    }
]
