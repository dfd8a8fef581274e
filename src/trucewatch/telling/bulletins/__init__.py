"""The bulletin: what is published, as one self-contained HTML page or as Markdown, with a reproducible content hash."""

from trucewatch.telling.bulletins.contents import Bulletin, make_bulletin
from trucewatch.telling.bulletins.pages import ledger_page, to_html, to_markdown

__all__ = ["Bulletin", "ledger_page", "make_bulletin", "to_html", "to_markdown"]
