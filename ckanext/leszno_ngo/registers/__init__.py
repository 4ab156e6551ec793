"""Registers as datasets: all public records of a type, published as files of one CKAN dataset.

``publish`` is the order of things; ``content`` reads the records, ``files`` makes and keeps the
files, ``dataset_description`` says what the dataset is, ``table`` fills the DataStore, ``changes``
starts all this after records have changed.
"""
