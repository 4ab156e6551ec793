"""Keyed digests: by which something is known again without being kept."""

from __future__ import annotations

import hashlib
import hmac

import ckan.plugins.toolkit as tk


def digest(*parts: str) -> str:
    """Return a digest that only this portal can work out: a name is guessed from a plain one.

    Its key is the portal's ``SECRET_KEY``; after a new key nothing is known again.

    :param parts: texts
    :returns: SHA-256 in hexadecimal
    """
    key = str(tk.config["SECRET_KEY"]).encode()
    said = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key, said, hashlib.sha256).hexdigest()
