"""Runs, their issues, marks of what is done, and bulletins."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH


class RunRow(models.Model):
    """One run. `state`: running, done, stopped (by the user), failed. `decisions_head` is witness for the audit."""

    number = models.BigAutoField(primary_key=True)
    started_at = models.CharField(max_length=40)
    ended_at = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=10, default="running")
    version = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    n_reports_read = models.PositiveIntegerField(default=0)
    n_reports_added = models.PositiveIntegerField(default=0)
    figures = models.TextField(default="{}")  # JSON: counts, what the run was made with, what an endpoint was asked
    error = models.TextField(null=True)
    decisions_seq = models.PositiveBigIntegerField(default=0)
    decisions_head = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "runs"


class DoubtRow(models.Model):
    """An issue that stands. `stage`: ingest, reading, storing, linking, judging. Re-made when its subject is."""

    doubt_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    stage = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=300, null=True)
    where = models.TextField()
    what = models.TextField()
    report_id = models.CharField(max_length=ID_LENGTH, null=True)
    run_number = models.BigIntegerField(null=True)

    class Meta:
        db_table = "doubts"
        indexes = (
            models.Index(fields=["code", "doubt_id"], name="doubts_code"),
            models.Index(fields=["subject_id"], name="doubts_subject"),
            models.Index(fields=["stage", "report_id"], name="doubts_stage"),
        )


class MarkRow(models.Model):
    """What a stage last worked on, by fingerprint: equal means there is nothing to do."""

    stage = models.CharField(max_length=20, primary_key=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        db_table = "marks"


class BulletinRow(models.Model):
    """A bulletin as published: cut-off, rule, content hash, and the files themselves."""

    bulletin_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    title = models.CharField(max_length=300)
    since = models.CharField(max_length=10, null=True)
    until = models.CharField(max_length=10, null=True)
    cut_off_at = models.CharField(max_length=40)
    published_at = models.CharField(max_length=40)
    author = models.CharField(max_length=200)
    counting_rule = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    html = models.TextField()
    markdown = models.TextField()
    payload = models.TextField(default="{}")
    decisions_seq = models.PositiveBigIntegerField(default=0)
    decisions_head = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "bulletins"
        indexes = (models.Index(fields=["published_at"], name="bulletins_published"),)
