"""Kinds of column that several tables share."""

from __future__ import annotations

from django.db import models

ID_LENGTH = 48  # a prefix, an underscore and 24 hex digits today; room for longer hashes without a migration


class ReviewState(models.TextChoices):
    """What people have said of a row so far."""

    UNREVIEWED = "unreviewed", "not reviewed"
    ACCEPTED = "accepted", "accepted"
    CORRECTED = "corrected", "corrected"
    REJECTED = "rejected", "rejected"
    VERIFIED = "verified", "verified"
    REFUTED = "refuted", "refuted"
