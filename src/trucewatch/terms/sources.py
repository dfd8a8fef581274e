"""A source: a publisher or channel with a reliability and, per agreement, an alignment."""

from __future__ import annotations

from dataclasses import dataclass

RELIABILITY = ("A", "B", "C", "D", "E", "F")  # Admiralty: A reliable ... E unreliable, F cannot be judged


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher or channel. `alignment`: pairs of agreement id (or `*`) and side; F where nobody judged it."""

    source_id: str
    name: str
    reliability: str = "F"
    alignment: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    url: str | None = None
    note: str | None = None

    def side(self, agreement_id: str) -> str | None:
        """The side this source is aligned with under that agreement, or None where none is stated."""
        pairs = dict(self.alignment)
        return pairs.get(agreement_id, pairs.get("*"))
