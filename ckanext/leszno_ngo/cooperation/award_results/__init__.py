"""The results of a call: rows of the commission's table, matched to organisations, made grants.

How the table becomes records is declared by the call's type (``type_keys.results``). A row with
an amount granted becomes a record, one without goes into the call's list of refused offers.
"""
