"""Profiles: what one finance office asks for, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The rules of an office."""

    id: str = "hebei"
