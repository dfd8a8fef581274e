"""Incidents by a piece of their words: an index of trigrams narrows down, and the words themselves decide.

SQLite has a table of its own for it (FTS5), PostgreSQL an index (pg_trgm) that it uses for LIKE by itself. Both are
kept up by the database; what is found is the same as without them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

_SQLITE = """
SELECT incident_id FROM incident_words WHERE number IN
(SELECT rowid FROM incident_trigrams WHERE incident_trigrams MATCH %s)
"""


def holding(pieces: Sequence[str]) -> Q:
    """The incidents whose words hold each of these pieces; a piece is folded as the words are."""
    q = Q()
    for piece in pieces:
        q &= Q(words__contains=piece)
    trigrams = sorted({piece[at : at + 3] for piece in pieces for at in range(len(piece) - 2)})
    if trigrams and connection.vendor == "sqlite":
        wanted = " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
        q &= Q(pk__in=RawSQL(_SQLITE, [wanted]))
    return q
