"""Count what a piece of code asks of PostgreSQL and of Solr: steadier than milliseconds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|CREATE|DROP|ALTER)\b", re.IGNORECASE)


@dataclass
class Counter:
    """The statements or requests seen, in order."""

    calls: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.calls)

    @property
    def writes(self) -> list[str]:
        """The SQL statements that write."""
        return [call for call in self.calls if _WRITE.match(call)]

    def assert_at_most(self, limit: int) -> None:
        """Fail with the whole list when there were more than ``limit``."""
        listing = "\n".join(f"{n:3}. {call}" for n, call in enumerate(self.calls, 1))
        assert self.count <= limit, f"{self.count} calls, {limit} allowed:\n{listing}"


@contextmanager
def sql_statements() -> Iterator[Counter]:
    """Collect the SQL statements sent inside the block (a multi-row statement is one)."""
    import sqlalchemy as sa
    from ckan import model

    seen = Counter()

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        seen.calls.append(" ".join(statement.split()))

    engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@contextmanager
def solr_requests() -> Iterator[Counter]:
    """Collect the requests sent to Solr inside the block, as ``method path``."""
    import pysolr

    seen = Counter()
    send = pysolr.Solr._send_request

    def note(self, method, path="", *args, **kwargs):
        seen.calls.append(f"{method} {path}")
        return send(self, method, path, *args, **kwargs)

    with mock.patch.object(pysolr.Solr, "_send_request", note):
        yield seen
