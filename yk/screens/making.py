"""Making the app from what the command line knows."""

from __future__ import annotations

from collections.abc import Mapping

from yk.clock import Clock
from yk.screens.app import YkApp
from yk.screens.office import Office
from yk.settings import Settings


def make_app(
    url: str,
    operator: str,
    clock: Clock,
    settings: Settings,
    *,
    screen: str = "",
    place: Mapping[str, str] | None = None,
    theme: str = "",
    keys: Mapping[str, str] | None = None,
) -> YkApp:
    """The app over the store at `url`; the caller closes its office."""
    office = Office(url, operator, clock, settings)
    return YkApp(office, screen, place, theme or settings.text("theme"), keys)
