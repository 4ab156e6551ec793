"""Words that names of Polish organisations are made of, and how each is written.

All in capitals, as registers write; `names` decides by the word's place which list counts.
"""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Small words of a name, unless one begins it or begins a quotation.
SMALL = _set("""
A ALBO BEZ CO CZY DLA DO I IM IMIENIA JAK JAKO KU LUB MIĘDZY NA NAD NIŻ O OBOK OD ORAZ PO POD
PODCZAS PONAD POPRZEZ POZA PRZECIW PRZECIWKO PRZED PRZEZ PRZY SIĘ U W WE WOBEC WŚRÓD Z ZA ZE ZNAD
SPOD ŻE AND DE DEL DER DI ET FOR FÜR IN OF THE UND VAN VON
""")

# Words that are small only after a certain other: na rzecz, do spraw, pod wezwaniem, w likwidacji.
SMALL_AFTER = frozenset(
    {
        ("NA", "RZECZ"),
        ("DO", "SPRAW"),
        ("POD", "WEZWANIEM"),
        ("W", "LIKWIDACJI"),
        ("W", "UPADŁOŚCI"),
        ("Z", "SIEDZIBĄ"),
        ("O", "OGRANICZONEJ"),
    }
)

# Abbreviations in small letters, when a dot follows …
DOTTED = _set("""
ABP ADM AL BŁ BP BR BRYG DH DR DS DYW DZ GEN GM HAB HM HR INŻ IM KARD KMDR KPR KPT KS LEK M MAR
MARSZ MED MGR MIN MJR NP NR OO OS PHM PL PŁ PŁK POR POW PPŁK PPOR PR PROF PW RED ROTM RTM SIERŻ
SS ŚP ŚW TZW UL UR WEZW WOJ ZAŁ
""") - _set("M PL")
# … and those that Polish orthography, or registers' carelessness, writes without one.
UNDOTTED = _set("ABP BP BŁ DR HM IM INŻ KARD KPT MGR MJR NR PŁK PPŁK PROF ŚW")

# After the name of a disease, names of those who described it: zespół Dandy-Walkera.
BEFORE_EPONYMS = _set("ZESPÓŁ ZESPOŁU ZESPOŁEM CHOROBA CHOROBĘ CHOROBĄ CHOROBY SYNDROM SYNDROMEM")

# Words that an ordinal number stands before: I Liceum, I Korpus, I wojna.
NUMBERED = _set("""
ARMII BATALION BATALIONU BRYGADY BRYGADA DYWIZJI DYWIZJA DRUŻYNA GIMNAZJUM KLASY KORPUS KORPUSU
KRAJOWY LICEUM LICEÓW LO OGÓLNOKSZTAŁCĄCEGO ODDZIAŁ PRYWATNEGO PUŁK PUŁKU REGIMENTU RZECZPOSPOLITA
RZECZYPOSPOLITEJ SPOŁECZNEGO STOPNIA SZCZEP WIEKU WOJNY WOJNA ZASTĘP
""")
# A school before `I` makes it an *and*: gimnazjum i liceum.
SCHOOLS = _set("""
GIMNAZJUM LICEUM PODSTAWOWA PODSTAWOWEJ PRZEDSZKOLA PRZEDSZKOLE SZKOŁA SZKOŁY SZKÓŁ TECHNIKUM
PRZEDSZKOLI GIMNAZJÓW ZAWODOWEJ ZAWODOWA
""")
AFTER_PW = _set("""
ŚW ŚWIĘTEGO ŚWIĘTEJ ŚWIĘTYCH NAJŚWIĘTSZEJ NAJŚWIĘTSZEGO NMP MATKI BŁ BŁOGOSŁAWIONEGO CHRYSTUSA
PRZEMIENIENIA PODWYŻSZENIA MIŁOSIERDZIA WNIEBOWZIĘCIA WSZYSTKICH
""")

# Endings and particles after an apostrophe.
AFTER_APOSTROPHE = _set("A U S EM IE OWI OWEJ EGO EMU OWSKI OWSKIEGO T")

AS_WRITTEN = {"WLKP": "Wlkp", "ŚL": "Śl", "MŁP": "Młp", "LUB": "lub", "MCDONALD": "McDonald"}

# Acronyms with a vowel (those without one are known by it).
ACRONYMS = _set("""
AA AAC ADHD AGH AIDS AIESEC AKF AKS ASP AWF AWFIS AZS CEE CIS CUW DPS EFC ELO EU FAO GOK GOKIS GOPR
GOPS GOSIR GUKS GULKS GUTW HIV ICT IKS IPN ISO IT KIK KIS KUL LGBTQIA LGD LO LOK LUKS MDK MGOK
MGOPS MLUKS MOK MOKIS MOPR MOPS MOSIR MUKP MUKS NGO NIK NIW NOT NOZ NSZZ NZOZ NZS OHP OKS OPP OPS
OPZZ OSIR OSP OTOZ PAH PCPR PISOP PKO POSIR PSONI PSOUU PTTK PUKP PUKS PZERII PZU ROPS ROW RP SALOS
SOS SOSW SPZOZ SUKS SUTW TOPR TOZ TPD TPPR UAM UE UEFA UJ UKS UKŻ ULKS UM UMCS UMK UNESCO UNICEF USA
UTP UTW UW UWM WOPR WOŚP WUKS YMCA YWCA ZAIKS ZAZ ZHP ZHR ZNP ZOZ ZSO ŁUKS
""")
