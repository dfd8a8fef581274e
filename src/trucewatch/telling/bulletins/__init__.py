"""The bulletin: what is published, as one self-contained HTML page or as Markdown, with a reproducible content hash."""

from trucewatch.telling.bulletins.contents import Bulletin, make_bulletin
from trucewatch.telling.bulletins.pages import to_html, to_markdown
from trucewatch.telling.bulletins.sheets import ledger_page, rules_page, tallies_page

__all__ = ["Bulletin", "ledger_page", "make_bulletin", "rules_page", "tallies_page", "to_html", "to_markdown"]
