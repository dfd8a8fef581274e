"""Where the language model is, what it may cost, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from trucewatch.terms.errors import SettingsError


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """`url` is the base of the interface, such as `http://localhost:8080/v1`; `key` None where it needs none.

    `timeout_s` in seconds for each try, `tries` at least 1; prices are per million tokens in any currency, 0 where not
    known. `max_chars` is the longest text sent; a longer report is refused with a doubt, never cut.
    """

    url: str
    model: str
    key: str | None = None
    timeout_s: float = 120.0
    tries: int = 2
    price_in: float = 0.0
    price_out: float = 0.0
    max_chars: int = 60_000

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise SettingsError(
                "endpoint-url", f"'{self.url}' is no http address", todo="Such as http://localhost:8080/v1."
            )
        if self.tries < 1 or self.timeout_s <= 0:
            raise SettingsError("endpoint-tries", "tries must be at least 1 and timeout_s above 0")

    def __repr__(self) -> str:
        return f"EndpointSettings(url={self.url!r}, model={self.model!r}, key={'set' if self.key else None!r})"
