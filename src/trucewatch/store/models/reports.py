"""Sources, reports, and what was read from a report."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH, ReviewState


class SourceRow(models.Model):
    """A publisher or channel, from the dossier's sources file."""

    source_id = models.CharField(max_length=200, primary_key=True)
    name = models.CharField(max_length=300)
    reliability = models.CharField(max_length=1, default="F")
    payload = models.TextField()

    class Meta:
        db_table = "sources"


class ReportRow(models.Model):
    """One report as ingested. `read_with` is the fingerprint of the settings it was last read with, "" if never.

    `linked_with` is the same for linking, "" as well where anything that linking takes from the report has changed.
    `signature` is what copies of its text are found by, None until the first run.
    `added_at` is the ISO instant (UTC) at which it came into the store; None for those from before this was kept.
    """

    report_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    name = models.CharField(max_length=300)
    source = models.CharField(max_length=300, null=True)
    url = models.TextField(null=True)
    published = models.CharField(max_length=40, null=True)
    language = models.CharField(max_length=12, null=True)
    title = models.TextField(null=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=120)
    origin_file = models.TextField(null=True)
    skipped = models.TextField(default="[]")
    duplicate_of = models.CharField(max_length=ID_LENGTH, null=True)
    similarity = models.FloatField(null=True)
    read_with = models.CharField(max_length=64, default="")
    linked_with = models.CharField(max_length=64, default="")
    signature = models.BinaryField(null=True)
    n_accounts = models.PositiveIntegerField(default=0)
    added_at = models.CharField(max_length=40, null=True)

    class Meta:
        db_table = "reports"
        indexes = (
            models.Index(fields=["published", "report_id"], name="reports_published"),
            models.Index(fields=["source", "published"], name="reports_source"),
            models.Index(fields=["read_with", "report_id"], name="reports_read_with"),
            models.Index(fields=["linked_with", "report_id"], name="reports_linked_with"),
            models.Index(fields=["sha256"], name="reports_sha256"),
        )


class AccountRow(models.Model):
    """One account as people and machine together see it. `machine` is the machine's own word, None where they agree.

    `read_at` is the ISO instant (UTC) from which on the machine's word has stood so; None where that was not kept.
    What stood before it is among the formers.
    """

    account_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    report = models.ForeignKey(ReportRow, on_delete=models.CASCADE, related_name="accounts")
    type = models.CharField(max_length=40)
    reality = models.CharField(max_length=20)
    earliest = models.CharField(max_length=10, null=True)
    latest = models.CharField(max_length=10, null=True)
    start = models.PositiveIntegerField()
    confidence = models.FloatField(null=True)
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.UNREVIEWED)
    by_hand = models.BooleanField(default=False)  # added by a person: a new reading of the report leaves it alone
    payload = models.TextField()
    machine = models.TextField(null=True)
    read_at = models.CharField(max_length=40, null=True)

    class Meta:
        db_table = "accounts"
        indexes = (
            models.Index(fields=["earliest", "account_id"], name="accounts_earliest"),
            models.Index(fields=["type", "earliest"], name="accounts_type"),
            models.Index(fields=["state", "confidence"], name="accounts_state"),
        )


class StatementRow(models.Model):
    """What a party says beyond telling of an incident."""

    statement_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    report = models.ForeignKey(ReportRow, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=20)
    speaker = models.CharField(max_length=300, null=True)
    about = models.CharField(max_length=300, null=True)
    earliest = models.CharField(max_length=10, null=True)
    start = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.UNREVIEWED)
    payload = models.TextField()
    read_at = models.CharField(max_length=40, null=True)  # as in accounts

    class Meta:
        db_table = "statements"
        indexes = (
            models.Index(fields=["kind", "earliest"], name="statements_kind"),
            models.Index(fields=["speaker"], name="statements_speaker"),
        )


class TallyRow(models.Model):
    """A count over a period that somebody claims."""

    tally_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    report = models.ForeignKey(ReportRow, on_delete=models.CASCADE, related_name="tallies")
    unit = models.CharField(max_length=300)
    n_min = models.BigIntegerField(null=True)
    n_max = models.BigIntegerField(null=True)
    since = models.CharField(max_length=10, null=True)
    until = models.CharField(max_length=10, null=True)
    start = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.UNREVIEWED)
    payload = models.TextField()
    read_at = models.CharField(max_length=40, null=True)  # as in accounts

    class Meta:
        db_table = "tallies"
        indexes = (models.Index(fields=["since", "until"], name="tallies_period"),)
