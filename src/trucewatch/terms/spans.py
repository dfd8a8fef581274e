"""Where in a text something stands: half-open code-point offsets, and the check that the slice equals the quote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open code-point offsets into the frozen text of a report."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The slice of the text."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True where the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def within(self, other: Span) -> bool:
        """True where this span lies wholly inside the other."""
        return other.start <= self.start and self.end <= other.end

    def __len__(self) -> int:
        return self.end - self.start


def grounded(text: str, span: Span, quote: str) -> bool:
    """True where the quote is not empty and is exactly that slice of the text."""
    return 0 <= span.start < span.end <= len(text) and text[span.start : span.end] == quote
