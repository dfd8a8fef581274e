"""Tokens: keys that let a program use the API without a password."""

from __future__ import annotations

from django.db import models


class TokenRow(models.Model):
    """One key. Only its SHA-256 is kept; `scope` is what it allows: read, review or edit. Instants are ISO, UTC."""

    number = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, unique=True)
    author = models.CharField(max_length=200)
    created_at = models.CharField(max_length=40)
    expires_at = models.CharField(max_length=40)
    used_at = models.CharField(max_length=40, null=True)
    revoked_at = models.CharField(max_length=40, null=True)

    class Meta:
        db_table = "tokens"
