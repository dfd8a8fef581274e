"""Passages: where sentences begin and end, which hold none of the report, and whether any may hold an incident."""

from __future__ import annotations

import re
from typing import Any

from trucewatch.reading.english.lexicons import Lexicon, stem_of
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

_WORD = re.compile(r"[A-Za-z][A-Za-z\-]+")


def triage(text: str, lexicon: Lexicon) -> bool:
    """False where no word of the text shares its stem with the lexicon, so that nothing need be parsed."""
    return not lexicon.stems.isdisjoint(stem_of(w.lower()) for w in _WORD.findall(text))


def break_lines(doc: Any) -> Any:
    """The doc with a sentence begun after every blank line, and after a line that is not wrapped text."""
    for token in doc[:-1]:
        if token.is_space and ("\n\n" in token.text or ("\n" in token.text and _ends(doc, token.i))):
            doc[token.i + 1].is_sent_start = True
    return doc


def _ends(doc: Any, at: int) -> bool:
    before = doc[at - 1].text if at else ""
    return before[-1:] in '.!?:”"' or doc[at + 1].text[:1].isupper()


def find_sentences(doc: Any) -> tuple[tuple[int, int], ...]:
    """Half-open token offsets of the sentences in order, white space at their ends left out, empty ones dropped."""
    out = []
    for sent in doc.sents:
        start, end = sent.start, sent.end
        while start < end and doc[start].is_space:
            start += 1
        while end > start and doc[end - 1].is_space:
            end -= 1
        if start < end:
            out.append((start, end))
    return tuple(out)


def find_skips(
    doc: Any, report: Report, sentences: tuple[tuple[int, int], ...], more: tuple[Span, ...] = ()
) -> frozenset[int]:
    """Indexes of sentences most of which lie in a skipped run of the report (captions, share buttons, links)."""
    runs = (*report.skipped, *more)
    out = set()
    for s, (start, end) in enumerate(sentences):
        low, high = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
        shared = sum(max(0, min(high, r.end) - max(low, r.start)) for r in runs)
        if 2 * shared > high - low:
            out.add(s)
    return frozenset(out)


def title_end(report: Report) -> int:
    """The offset where the title that opens the text ends; 0 where the text does not open with it."""
    title = (report.title or "").strip()
    return (
        len(title) + (len(report.text) - len(report.text.lstrip()))
        if title and report.text.lstrip().startswith(title)
        else 0
    )
