"""Pages. Each module holds one blueprint; ``__all__`` is what the plugin registers."""

from __future__ import annotations

__all__: list[str] = []
