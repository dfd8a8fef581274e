"""What stood before: readings and flags of copies that a later run replaced, and the files that runs were made with."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH


class FormerRow(models.Model):
    """The machine's word on something as it stood until a later run replaced it. Never changed or removed.

    `kind`: account, statement, tally (`payload` is theirs), or copy (of the report `subject_id`: the report it was
    taken to repeat and the share of the text in common). It stood from `since_at` on, None where that was not kept, up
    to `until_at`, both ISO instants (UTC, milliseconds).
    """

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    subject_id = models.CharField(max_length=ID_LENGTH)
    report_id = models.CharField(max_length=ID_LENGTH)
    since_at = models.CharField(max_length=40, null=True)
    until_at = models.CharField(max_length=40)
    payload = models.TextField()

    class Meta:
        db_table = "formers"
        indexes = (models.Index(fields=["kind", "until_at", "since_at"], name="formers_stood"),)


class KeptFileRow(models.Model):
    """A file of a dossier as a run found it, once for all runs that found it so. Never changed or removed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    class Meta:
        db_table = "kept_files"
