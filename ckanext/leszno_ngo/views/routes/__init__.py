"""What answers at an address: pages, forms and files, also in the place of CKAN's.

Each module holds one blueprint.
"""
