"""The desk as a Django app: no tables of its own besides what Django's auth brings."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The pages and the API."""

    name = "trucewatch.desk"
    label = "desk"
