"""Polish as people write it: names, plurals, alphabetical order, dates, numbers, addresses."""

from .dates import format_date, format_month
from .names import readable_name
from .numbers import AmountError, decimals_of, format_money, format_number, parse_amount
from .plural import plural_category
from .sentences import first_sentence
from .sorting import sort_key
from .words import fold, slug

__all__ = [
    "AmountError",
    "decimals_of",
    "first_sentence",
    "fold",
    "format_date",
    "format_money",
    "format_month",
    "format_number",
    "parse_amount",
    "plural_category",
    "readable_name",
    "slug",
    "sort_key",
]
