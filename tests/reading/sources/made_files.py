"""Files of every kind, made for the test that reads them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from trucewatch.reading.sources import IngestSettings, ingest
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.reports import Report

TEXT = "Residents said that shells fell on the village of Tal Amara on Monday evening, killing two farmers."
Takes = Callable[..., tuple[list[Report], list[Doubt]]]


def parted(paths: Sequence[str | Path], settings: IngestSettings | None = None) -> tuple[list[Report], list[Doubt]]:
    found = list(ingest(paths, settings))
    return [f for f in found if isinstance(f, Report)], [f for f in found if isinstance(f, Doubt)]


def make_pdf(pages: Sequence[Sequence[str]], *, password: str | None = None, title: str | None = None) -> bytes:
    """A PDF with those lines on its pages, made at a fixed date."""
    out = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="owner") if password else None
    sheet = canvas.Canvas(out, encrypt=lock, invariant=True)
    if title:
        sheet.setTitle(title)
    for lines in pages:
        for n, line in enumerate(lines):
            sheet.drawString(72, 780 - 14 * n, line)
        sheet.showPage()
    sheet.save()
    return out.getvalue()
