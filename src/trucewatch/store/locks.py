"""One writer at a time, where what is written depends on what was written last."""

from __future__ import annotations

from django.db import connection

CHAIN_LOCK = 0x7472756365  # "truce"


def lock_chain() -> None:
    """Until the end of this transaction nobody else appends a decision or counts what one has changed."""
    # SQLite has taken its write lock with BEGIN IMMEDIATE already
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
