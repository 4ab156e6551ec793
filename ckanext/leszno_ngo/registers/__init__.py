"""Registers as datasets: all public records of a type, published as files of one CKAN dataset.

``publish`` is the order of things; ``content`` reads the records, ``files`` makes and keeps the
files, ``described`` says what the dataset is, ``table`` fills the DataStore, ``changes`` sees to it
that all this happens after records have changed.
"""
