"""Uploads: reports that somebody added at the desk, and how far the job of reading them is."""

from __future__ import annotations

from django.db import models


class UploadRow(models.Model):
    """One job. `state`: waiting, running, stopping, stopped (goes on when asked), done, failed. `n_total` may be null.

    `issues` is JSON: a list of [code, where, what] for files that could not be taken in.
    """

    number = models.BigAutoField(primary_key=True)
    author = models.CharField(max_length=200)
    created_at = models.CharField(max_length=40)
    ended_at = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=10, default="waiting")
    source = models.CharField(max_length=300, null=True)
    published = models.CharField(max_length=10, null=True)
    n_files = models.PositiveIntegerField()
    stage = models.CharField(max_length=40, default="")
    n_done = models.PositiveIntegerField(default=0)
    n_total = models.PositiveIntegerField(null=True)
    n_new = models.PositiveIntegerField(default=0)
    n_known = models.PositiveIntegerField(default=0)
    issues = models.TextField(default="[]")
    error = models.TextField(null=True)

    class Meta:
        db_table = "uploads"
        indexes = (models.Index(fields=["state"], name="uploads_state"),)
