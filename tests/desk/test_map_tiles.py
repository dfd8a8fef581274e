"""Tiles from outside: none unless the dossier names a server, and then that server alone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from trucewatch.desk.settings import CONTENT_SECURITY_POLICY, policy_of
from trucewatch.running.dossiers import TilesFile


def test_without_tiles_nothing_outside_is_allowed() -> None:
    assert policy_of(None) == CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


def test_the_server_of_the_tiles_alone_is_allowed() -> None:
    tiles = TilesFile(url="https://tiles.example.org:8443/base/{z}/{x}/{y}.png", credit="Example")
    policy = dict(part.strip().split(" ", 1) for part in policy_of(tiles).split(";"))
    for rule in ("img-src", "connect-src"):
        assert "https://tiles.example.org:8443" in policy[rule].split()
    assert policy["script-src"] == policy["style-src"] == "'self'"


@pytest.mark.parametrize(
    "url",
    [
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org; script-src *; x/{z}/{x}/{y}.png",
        "https://tiles.example.org /{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}{x}{y}",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        TilesFile(url=url, credit="Example")
