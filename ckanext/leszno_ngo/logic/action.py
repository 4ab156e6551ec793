"""Actions of the API (shown by ``help_show``; documented in docs/api.md)."""

from __future__ import annotations
