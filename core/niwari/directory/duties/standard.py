"""The standard duties of a town hall, as of ``data/duties.csv``."""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from niwari.specs.contributions import Label


@dataclass(frozen=True, slots=True)
class Duty:
    """A standard duty (業務): ``code`` never changes its meaning; ``group`` is the heading above it."""

    code: str
    name: Label
    group: Label


def duties() -> tuple[Duty, ...]:
    """Return the standard duties of a town hall, those of a group side by side."""
    return tuple(duties_by_code().values())


@cache
def duties_by_code() -> Mapping[str, Duty]:
    """Return the standard duties by code, in their order; unchangeable."""
    table = resources.files("niwari.directory").joinpath("data", "duties.csv")
    with table.open(encoding="utf-8") as lines:
        return MappingProxyType(
            {
                row["code"]: Duty(
                    row["code"],
                    Label(row["name_ja"], row["name_en"]),
                    Label(row["group_ja"], row["group_en"]),
                )
                for row in csv.DictReader(lines)
            }
        )


def duty_named(text: str) -> Duty | None:
    """Return the duty whose code or Japanese name ``text`` is, however wide its letters are."""
    return _by_name().get(folded(text))


def duties_like(text: str) -> tuple[Duty, ...]:
    """Return the duties in whose name, Japanese or English, or heading ``text`` occurs."""
    part = folded(text)
    return tuple(
        duty
        for duty in duties()
        if any(
            part in folded(name)
            for name in (duty.name.ja, duty.name.en, duty.group.ja, duty.group.en)
        )
    )


def folded(text: str) -> str:
    """Return ``text`` for comparing: wide and narrow, large and small letters and spaces are alike."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _by_name() -> Mapping[str, Duty]:
    names = {folded(duty.name.ja): duty for duty in duties()}
    return MappingProxyType(names | {duty.code: duty for duty in duties()})
