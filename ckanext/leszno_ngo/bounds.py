"""The longest texts that anything is done with (characters), in one place.

They are looked at before anything else is: no text is cleaned or searched first. Patterns and loops
over a text take time in proportion to its length; what is longer than any honest value is not
looked at. Which field has which limit is in `logic/lengths.py`, limits of files are in
`harvest/sources/lines.py`.
"""

from __future__ import annotations

#: A number, a date, an hour, an amount: nobody writes more around one.
NUMBER = 200
#: What a person types into a search box, of which numbers are looked for.
WORDS = 500
#: A query in Solr's own syntax, which programs write.
QUERY = 10_000
#: The name of an organisation; a longer one is left as it is.
NAME = 1_000
#: A long text of a record.
TEXT = 20_000
#: An address, and a list or an object that is sent as one text.
ADDRESS, LISTED = 8_000, 200_000
#: Filters and other parameters of one address.
PARAMETERS = 60
#: The part of an address behind the question mark.
QUERY_STRING = 16_000
