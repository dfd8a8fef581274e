"""Incidents, their accounts and parties, and the ids they had before."""

from __future__ import annotations

from django.db import models

from trucewatch.store.models.columns import ID_LENGTH, ReviewState
from trucewatch.store.models.reports import AccountRow


class IncidentRow(models.Model):
    """One incident as people and machine together see it now.

    `payload` is the dataclass with people's corrections laid over it; `machine` the same without them, None where
    there are none. `lat`, `lon` and `radius_m` are of the first located place, None together where none is located.
    `place` is that place's name, folded names of all places stand in `words` with the parties' and the quotes'.
    `at_stake` and `unsure` order the review queue; see `store.turns`.
    """

    incident_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    type = models.CharField(max_length=40)
    reality = models.CharField(max_length=20)
    earliest = models.CharField(max_length=10, null=True)
    latest = models.CharField(max_length=10, null=True)
    place = models.CharField(max_length=300, null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    n_accounts = models.PositiveIntegerField(default=0)
    n_origins = models.PositiveIntegerField(default=0)
    killed_low = models.IntegerField(null=True)
    killed_high = models.IntegerField(null=True)
    contested = models.BooleanField(default=False)
    confidence = models.FloatField(null=True)
    episode_id = models.CharField(max_length=ID_LENGTH, null=True)
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.UNREVIEWED)
    version = models.PositiveIntegerField(default=1)  # goes up with every change: two people editing are told
    at_stake = models.FloatField(default=0.0)
    unsure = models.FloatField(default=0.0)
    words = models.TextField(default="")
    judged_with = models.CharField(max_length=64, default="")  # fingerprint of the agreements it was held against
    payload = models.TextField()
    machine = models.TextField(null=True)

    class Meta:
        db_table = "incidents"
        indexes = (
            # whole, in the order of lists, with all that lists and figures filter by: rows are large and stay unread
            models.Index(
                fields=["earliest", "incident_id", "latest", "type", "state", "lat", "lon"], name="incidents_listed"
            ),
            models.Index(fields=["state", "-at_stake", "-unsure", "incident_id"], name="incidents_queue"),
            models.Index(
                fields=["lat", "lon", "incident_id", "earliest", "latest", "type", "state"], name="incidents_point"
            ),
            models.Index(fields=["episode_id"], name="incidents_episode"),
            models.Index(fields=["judged_with", "incident_id"], name="incidents_judged_with"),
        )


class IncidentAccountRow(models.Model):
    """That an account tells of an incident. An account tells of one only."""

    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="members")
    account = models.OneToOneField(AccountRow, on_delete=models.CASCADE, related_name="membership")

    class Meta:
        db_table = "incident_accounts"


class IncidentPartyRow(models.Model):
    """A party of an incident. `role`: actor, target, origin or source; `key`: actor id or folded name."""

    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=8)
    key = models.CharField(max_length=300)
    name = models.CharField(max_length=300)

    class Meta:
        db_table = "incident_parties"
        indexes = (models.Index(fields=["role", "key", "incident"], name="parties_role_key"),)


class PartyNameRow(models.Model):
    """Each party of any incident once. Filled by triggers, so that names are looked through without their incidents.

    A name stays when its last incident goes: it then leads to nothing.
    """

    number = models.BigAutoField(primary_key=True)
    role = models.CharField(max_length=8)
    key = models.CharField(max_length=300)
    name = models.CharField(max_length=300)

    class Meta:
        db_table = "party_names"
        managed = False  # made with its triggers in one migration; a restored store fills it by them


class PostingRow(models.Model):
    """What an incident adds to every ledger. Goes when the incident, its findings or accounts change; made anew then.

    `number` only grows, so whoever holds the postings in memory asks for those above the last one seen.
    """

    number = models.BigAutoField(primary_key=True)
    incident = models.OneToOneField(IncidentRow, on_delete=models.CASCADE, related_name="posting")
    payload = models.TextField()

    class Meta:
        db_table = "postings"


class IncidentAliasRow(models.Model):
    """That an id once given to an incident now leads to another: merged, split or grown ids stay resolvable."""

    old_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    incident_id = models.CharField(max_length=ID_LENGTH, db_index=True)

    class Meta:
        db_table = "incident_aliases"


class IncidentAreaRow(models.Model):
    """That an incident may lie in an area of an agreement. `area` is the agreement's id, a slash and the area's name.

    `share` (0 to 1) is how much of its disc lies inside, the largest over its places: below 1 it may lie outside.
    """

    incident = models.ForeignKey(IncidentRow, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(max_length=300)
    share = models.FloatField()

    class Meta:
        db_table = "incident_areas"
        indexes = (models.Index(fields=["area", "incident"], name="incident_areas_area"),)


class LinkedRow(models.Model):
    """How linking last saw an account, so that the next run finds what a change touches.

    `first` and `last` are its days as ordinals, None together where nothing dates it; `marks` eight bytes that name
    all that is compared of it, then the 32-bit numbers of the blocks it was compared in. An account that is gone keeps
    its row until it was linked without.
    """

    account_id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    report_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    incident_id = models.CharField(max_length=ID_LENGTH, default="", db_index=True)
    first = models.IntegerField(null=True)
    last = models.IntegerField(null=True)
    marks = models.BinaryField()

    class Meta:
        db_table = "linked"
        indexes = (models.Index(fields=["first", "last"], name="linked_days"),)
