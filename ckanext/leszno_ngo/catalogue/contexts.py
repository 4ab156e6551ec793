"""On whose behalf the catalogue asks CKAN's actions."""

from __future__ import annotations

from ckan.types import Context


def anonymous_context() -> Context:
    """Return the context of nobody in particular: whoever asks, only public records are found."""
    return {"user": "", "auth_user_obj": None}
