"""Claims: who is looking at which incident just now."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH


class ClaimRow(models.Model):
    """One incident that one person has before them. `until` is the ISO instant (UTC) at which the claim lapses."""

    incident_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    author = models.CharField(max_length=200)
    until = models.CharField(max_length=40)

    class Meta:
        db_table = "claims"
        indexes = (models.Index(fields=["author"], name="claims_author"),)
