"""The Django app that owns the tables."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The app `store`: every table of a dossier except users and sessions, which the desk adds."""

    name = "trucewatch.store"
    label = "store"
    verbose_name = "Store"
    default_auto_field = "django.db.models.BigAutoField"
