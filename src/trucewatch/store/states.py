"""What tells whether anything has changed: whoever keeps a figure keeps this beside it."""

from __future__ import annotations

from django.db import connection

_STATE = """
SELECT stage, fingerprint FROM marks
UNION ALL SELECT 'last decision', hash FROM decisions WHERE seq = (SELECT MAX(seq) FROM decisions)
UNION ALL SELECT 'last run', CAST(number AS text) || state FROM runs WHERE number = (SELECT MAX(number) FROM runs)
ORDER BY 1
"""

State = tuple[tuple[str, str], ...]


def state_of_store() -> State:
    """What changes whenever incidents, findings or their review may have: marks of stages, last decision, last run.

    Ask for it before what is kept under it: what is read later is at least as new.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return tuple((str(name), str(value)) for name, value in cursor.fetchall())
