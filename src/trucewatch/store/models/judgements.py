"""Findings and obligations."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH
from trucewatch.store.models.incidents import IncidentRow


class FindingRow(models.Model):
    """One incident held against one term."""

    finding_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="findings")
    agreement_id = models.CharField(max_length=200)
    agreement_version = models.CharField(max_length=60)
    term_id = models.CharField(max_length=200)
    outcome = models.CharField(max_length=30)
    belief = models.CharField(max_length=20)
    probability = models.FloatField()
    payload = models.TextField()

    class Meta:
        db_table = "findings"
        indexes = (
            models.Index(fields=["agreement_id", "term_id", "outcome"], name="findings_term"),
            models.Index(fields=["outcome", "incident"], name="findings_outcome"),
            models.Index(fields=["belief"], name="findings_belief"),
        )


class ObligationRow(models.Model):
    """A duty under watch, with its state at the last run."""

    obligation_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    agreement_id = models.CharField(max_length=200)
    term_id = models.CharField(max_length=200)
    state = models.CharField(max_length=20)
    due = models.CharField(max_length=40, null=True)
    payload = models.TextField()

    class Meta:
        db_table = "obligations"
        indexes = (models.Index(fields=["state", "due"], name="obligations_state"),)
