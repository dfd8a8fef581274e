"""A parse for tests, with the model loaded once."""

from __future__ import annotations

from functools import cache

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.readers import Reader
from trucewatch.terms.reports import Report


@cache
def shared_reader() -> Reader:
    """The reader as it ships, made once."""
    return Reader()


def report(text: str, language: str | None = "en", title: str | None = None) -> Report:
    """A report of the Valley Post, of 12 May 2031."""
    return Report("rep_1", "one", "Valley Post", None, "2031-05-12", language, title, text, "0" * 64)


def context_of(text: str) -> ReportContext:
    """The parse and the mentions of a text."""
    [(context, _)] = shared_reader().contexts([report(text)])
    return context
