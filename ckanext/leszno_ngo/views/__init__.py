"""Pages. Each module holds one blueprint; ``__all__`` is what the plugin registers."""

from __future__ import annotations

from ckanext.leszno_ngo.views.export import export

__all__ = ["export"]
