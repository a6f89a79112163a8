"""The words that reports share."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from niwari.ledger.recording.supplements import PENDING, REFUSED
from niwari.ledger.reports.description import Cell
from niwari.ledger.worktime import Period, PeriodKind, periods_between
from niwari.specs.contributions import Activity, Label

MINUTES = Label("時間", "Time")
PEOPLE = Label("人数", "People")
ALL = Label("合計", "Total")
AFTER_FACT = Label("うち事後", "Of it after the fact")
CORRECTED = Label("うち修正あり", "Of it corrected")
TRAVEL = Label("うち移動", "Of it travel")
MARK_CORRECTED = Label("修正あり", "Corrected")

BASIS_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "duty": Label("職務として行う", "As duty"),
        "duty_order": Label("職務命令", "By duty order"),
        "training": Label("研修", "Training"),
        "exemption": Label("職務専念義務の免除", "Exempt from duty"),
        "business_trip": Label("出張", "Business trip"),
        "dispatch": Label("派遣", "Dispatch"),
    }
)

EMPLOYMENT_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "full_time": Label("常勤", "Full time"),
        "short_time": Label("短時間勤務", "Short time"),
        "fiscal_year": Label("会計年度任用", "By fiscal year"),
        "reappointed": Label("再任用", "Reappointed"),
    }
)

_MONTHS = (
    Label("1月", "January"),
    Label("2月", "February"),
    Label("3月", "March"),
    Label("4月", "April"),
    Label("5月", "May"),
    Label("6月", "June"),
    Label("7月", "July"),
    Label("8月", "August"),
    Label("9月", "September"),
    Label("10月", "October"),
    Label("11月", "November"),
    Label("12月", "December"),
)
_MONTH_OF_YEAR = Label("{year}年{month}", "{month} {year}")
_FISCAL_YEAR = Label("{year}年度", "Fiscal {year}")


def class_label(code: str, activities: Mapping[str, Activity]) -> Label:
    """Return what a class is called; one whose plugin is gone is called by its code."""
    found = activities.get(code)
    return found.label if found is not None else Label(code, code)


def months_of(period: Period) -> list[Period]:
    """Return the months of a period."""
    return list(periods_between(PeriodKind.MONTH, period.starts_on, period.ends_on))


def month_label(month: Period) -> Label:
    """Return the name of a month: 11月."""
    return _MONTHS[month.starts_on.month - 1]


def dated_label(month: Period) -> Label:
    """Return the name of a month with its year: 2026年11月."""
    name, year = month_label(month), month.starts_on.year
    return Label(
        _MONTH_OF_YEAR.ja.format(year=year, month=name.ja),
        _MONTH_OF_YEAR.en.format(year=year, month=name.en),
    )


def year_label(day: date) -> Label:
    """Return the name of the fiscal year that begins with ``day``."""
    return Label(_FISCAL_YEAR.ja.format(year=day.year), _FISCAL_YEAR.en.format(year=day.year))


_BEYOND = Label("追加分", "Beyond the OK")
_BEYOND_PENDING = Label("追加分（未確認）", "Beyond the OK, not confirmed")
_PRIVATE = Label("私的な時間", "Private time")


def beyond_mark(state: str | None, *, reversal: bool) -> Label | None:
    """Return what is said of a row of minutes beyond an agreement (rule L17); ``None`` of others."""
    if state is None:
        return None
    if reversal:
        return _PRIVATE if state == REFUSED else _BEYOND
    return _BEYOND_PENDING if state == PENDING else _BEYOND


def marks(*labels: Label | None) -> Cell:
    """Return the remarks of a row in one cell; ``None`` where there are none."""
    said = [mark for mark in labels if mark is not None]
    if not said:
        return None
    return Label("、".join(mark.ja for mark in said), ", ".join(mark.en for mark in said))
