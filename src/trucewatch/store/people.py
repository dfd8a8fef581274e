"""Who may do what, asked without the desk: its people lie in the same database, once it has some."""

from __future__ import annotations

from django.db import connection

SETTLE = ("editor", "admin")
_ROLE = """
    SELECT 1 FROM auth_user u
    LEFT JOIN auth_user_groups member ON member.user_id = u.id
    LEFT JOIN auth_group role ON role.id = member.group_id
    WHERE u.username = %s AND u.is_active AND (u.is_superuser OR role.name IN (%s, %s))
"""


def may_settle(name: str) -> bool:
    """True where that name is an active editor or admin of the desk, or the desk has no people at all."""
    with connection.cursor() as cursor:
        if "auth_user" not in connection.introspection.table_names(cursor):
            return True
        cursor.execute("SELECT 1 FROM auth_user LIMIT 1")
        if cursor.fetchone() is None:
            return True
        cursor.execute(_ROLE, [name, *SETTLE])
        return cursor.fetchone() is not None
