"""Keys for programs: made once, shown once, kept as a hash, with a scope and an end."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from trucewatch.store.decisions import record_person
from trucewatch.store.models import TokenRow
from trucewatch.terms.errors import SettingsError

SCOPES = {"read": "viewer", "review": "reviewer", "edit": "editor"}  # what a token of that scope may do, as a role
LONGEST_DAYS = 366
PREFIX = "tw_"  # so that a key left in a file is recognised by those who look for keys


@transaction.atomic
def make_token(name: str, scope: str, days: int, author: str) -> str:
    """The key, which nobody can see again. Raises SettingsError for a scope, a name or an end that cannot be."""
    if not name:
        raise SettingsError("no-name", "a key needs a name that says what uses it")
    if scope not in SCOPES:
        raise SettingsError("unknown-scope", f"a scope is one of {', '.join(SCOPES)}")
    if not 1 <= days <= LONGEST_DAYS:
        raise SettingsError("bad-days", f"a key lasts 1 to {LONGEST_DAYS} days")
    key = PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    row = TokenRow.objects.create(
        name=name[:100],
        scope=scope,
        sha256=_hash(key),
        author=author,
        created_at=_iso(now),
        expires_at=_iso(now + timedelta(days=days)),
    )
    told = {"name": row.name, "scope": scope, "ends": row.expires_at}
    record_person(f"key_{row.pk}", "key", author=author, new=told)
    return key


def token_of(key: str) -> TokenRow | None:
    """The row of a key that holds now, or None. Its last use is noted to the minute."""
    now = _iso(datetime.now(UTC))
    row = TokenRow.objects.filter(sha256=_hash(key), revoked_at=None, expires_at__gt=now).first()
    if row is not None:
        unused = Q(used_at=None) | Q(used_at__lt=now[:16])
        TokenRow.objects.filter(unused, pk=row.pk).update(used_at=now)
    return row


@transaction.atomic
def revoke(number: int, author: str) -> None:
    """That key opens nothing any more."""
    for row in TokenRow.objects.filter(pk=number, revoked_at=None):
        row.revoked_at = _iso(datetime.now(UTC))
        row.save(update_fields=["revoked_at"])
        record_person(f"key_{row.pk}", "key-revoked", author=author, new={"name": row.name})


def revoke_all_of(name: str, author: str) -> None:
    """No key that the person of that name made opens anything any more."""
    for number in TokenRow.objects.filter(author=name, revoked_at=None).values_list("pk", flat=True):
        revoke(number, author)


def _hash(key: str) -> str:
    # the key has 256 random bits, so a plain hash cannot be searched and a slow one would only slow the API
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
