"""Fields of a Word document, which may be in each other and in many pieces."""

from __future__ import annotations

from dataclasses import dataclass, field

from ckanext.leszno_ngo import instructions

_DEEPEST = 200
_LONGEST = 20_000


@dataclass(slots=True)
class _Field:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    has_result: bool = False


class Fields:
    """What the fields of a document are told, put together as it is read.

    What a field within a field results in is a part of what the outer one is told.
    """

    def __init__(self) -> None:
        self._open = [_Field()]  # the first is for what stands in no field
        self._is_harmful = False

    def mark(self, kind: str) -> None:
        """Take a mark of a field (``w:fldCharType``).

        :param kind: ``begin``, ``separate`` (its result follows) or ``end``; others are nothing
        """
        if kind == "begin":
            self._open.append(_Field())
            self._is_harmful |= len(self._open) > _DEEPEST
            del self._open[_DEEPEST + 1 :]
        elif kind == "separate":
            self._open[-1].has_result = len(self._open) > 1
        elif kind == "end" and len(self._open) > 1:
            self._judge(self._open.pop())

    def add(self, text: str) -> None:
        """Take a piece of an instruction, or of a result within one.

        :param text: the piece
        """
        inner = next(one for one in reversed(self._open) if not one.has_result)
        inner.length += len(text)
        if inner.length <= _LONGEST:
            inner.pieces.append(text)

    def are_open(self) -> bool:
        """Whether texts that follow are a part of what some field is told."""
        return any(not one.has_result for one in self._open[1:])

    def are_harmful(self) -> bool:
        """Whether one of them fetches something or starts a program, those not ended included."""
        for one in self._open:
            self._judge(one)
        return self._is_harmful

    def _judge(self, one: _Field) -> None:
        told = "".join(one.pieces)
        self._is_harmful |= one.length > _LONGEST or instructions.is_harmful_field(told)
