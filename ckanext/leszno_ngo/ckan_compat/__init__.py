"""Everything that leans on the inside of CKAN and of its extensions.

Private names of other packages, functions of theirs that run with some names bound otherwise or
that are written again here, attributes of theirs that are replaced: all of it is in this package,
and each use is declared beside its code (:class:`~.declarations.InternalUse`) with the version it
was written for, the reason and the upstream issue. :mod:`~.guard` compares the declarations with
what is installed, when the plugin starts and in the tests; ``docs/ckan-compat.md`` is made from
them. A module here imports extensions inside functions only: a portal may have them switched off.
"""
