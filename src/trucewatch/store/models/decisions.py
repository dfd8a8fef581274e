"""Decisions, append-only and chained, and the rulings that stand because of them."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH


class DecisionRow(models.Model):
    """A person's word. Triggers refuse every update and deletion; `hash` covers the row and the one before."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    decision_id = models.CharField(max_length=ID_LENGTH, unique=True)
    kind = models.CharField(max_length=12)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.CharField(max_length=ID_LENGTH)
    author = models.CharField(max_length=200)
    at = models.CharField(max_length=40)
    reason = models.TextField()
    field = models.CharField(max_length=40, null=True)
    old = models.TextField(null=True)  # canonical JSON
    new = models.TextField(null=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "decisions"
        indexes = (
            models.Index(fields=["subject_id", "seq"], name="decisions_subject"),
            models.Index(fields=["author", "seq"], name="decisions_author"),
        )


class RulingRow(models.Model):
    """What stands because of a decision: derived from the decisions and made anew from them by `restore` and `audit`.

    `anchors` are the account ids the ruling rests on, as JSON: after linking anew it follows them to whichever incident
    holds most of them. An account id is made from its text, so an anchor that is gone means the text has changed.
    """

    decision = models.OneToOneField(DecisionRow, on_delete=models.DO_NOTHING, primary_key=True, related_name="ruling")
    kind = models.CharField(max_length=12)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.CharField(max_length=ID_LENGTH)
    field = models.CharField(max_length=40, null=True)
    value = models.TextField(null=True)
    anchors = models.TextField(default="[]")
    standing = models.BooleanField(default=True)

    class Meta:
        db_table = "rulings"
        indexes = (models.Index(fields=["standing", "subject_kind", "subject_id"], name="rulings_subject"),)
