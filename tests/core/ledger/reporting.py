"""Records for reports: whole, as the services write them, but set in one go and for many people."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO

from openpyxl import load_workbook

from niwari.clock import TOKYO
from niwari.directory.models import Municipality
from niwari.ledger.models import Account, JournalEntry, Overtime, Request
from niwari.ledger.worktime import Period, parse_period

from .conftest import Town

YEAR: Period = parse_period("FY2026")
NOVEMBER: Period = parse_period("2026-11")


@dataclass
class Records:
    """Writes requests and records of people of one municipality, new ones where told."""

    code: str
    town: Town = field(init=False)
    _number: int = 0

    def __post_init__(self) -> None:
        self.town = Town(Municipality.get(Municipality.code == self.code))

    def people(self, count, path="総務部/総務課", employment="full_time"):
        """Appoint so many new people; returns their posts."""
        posts = []
        for _ in range(count):
            self._number += 1
            post = self.town.appoint(f"reported{self._number}@{self.code}", path)
            post.employment = employment
            post.save()
            posts.append(post)
        return posts

    def record(self, post, minutes=60, day=date(2026, 11, 4), **other):
        """Let a person have recorded minutes; returns the entry."""
        request = self.request(post, day, state="recorded", minutes=minutes, **other)
        return self.entry(self.account(post, day), request, "record", minutes)

    def account(self, post, day):
        """The account of a month, made where it is new."""
        first = day.replace(day=1)
        account, _ = Account.get_or_create(
            person=post.person_id,
            municipality=post.municipality_id,
            starts_on=first,
            defaults={
                "ends_on": (first + timedelta(days=31)).replace(day=1) - timedelta(days=1),
                "base": 8835,
                "cap": 1767,
            },
        )
        return account

    def request(self, post, day=date(2026, 11, 4), *, state="requested", minutes=60, **other):
        """Let there be a request, asked on the day before at 9:00 and agreed two hours later."""
        self._number += 1
        asked = datetime.combine(day - timedelta(days=1), time(9), TOKYO)
        agreed = state in ("agreed", "recorded")
        values = {
            "activity": "general",
            "purpose": "学び・相談",
            "place": "head_office",
            "counts": True,
            "agreed_minutes": minutes if agreed else None,
            "decided_at": asked + timedelta(hours=2) if agreed else None,
            **other,
        }
        return Request.create(
            appointment=post.id,
            person=post.person_id,
            municipality=post.municipality_id,
            section=post.section_id,
            work_date=day,
            minutes=minutes,
            state=state,
            requested_at=asked,
            form_key=f"reported-{self._number}",
            **values,
        )

    def entry(self, account, request, kind, minutes, **links):
        """Post a journal row, and move the account by it."""
        used = minutes if request.counts else 0
        entry = JournalEntry.create(
            account=account,
            request=request,
            kind=kind,
            work_date=request.work_date,
            minutes=minutes,
            used_delta=used,
            reserved_delta=0,
            posted_at=datetime.combine(request.work_date, time(18), TOKYO),
            **links,
        )
        Account.update(used=Account.used + used).where(Account.id == account.id).execute()
        return entry

    def agreement(self, request, hours):
        """Post that a request was agreed to so many hours after it was asked."""
        JournalEntry.create(
            account=self.account(request.appointment, request.work_date),
            request=request,
            kind="agreement",
            work_date=request.work_date,
            minutes=0,
            used_delta=0,
            reserved_delta=0,
            posted_at=request.requested_at + timedelta(hours=hours),
        )

    def correct(self, entry, minutes):
        """Take a record back whole, and record other minutes in its place."""
        account, request = entry.account, entry.request
        self.entry(account, request, "reversal", -entry.minutes, reverses=entry.id)
        return self.entry(account, request, "record", minutes, replaces=entry.id)

    def overtime(self, post, minutes, month=date(2026, 11, 1)):
        """Let overtime have been imported."""
        Overtime.create(
            person=post.person_id,
            municipality=post.municipality_id,
            month=month,
            minutes=minutes,
            imported_at=datetime(2026, 12, 1, tzinfo=TOKYO),
        )


def lines(table):
    """Return the lines of a table as dictionaries, by their first cell and by the columns' names."""
    return {
        said(row[0]): {
            column.label.ja: said(cell)
            for column, cell in zip(table.columns[1:], row[1:], strict=True)
        }
        for row in table.lines
    }


def said(cell):
    """Return a cell as a test writes it: labels in Japanese, what is hidden as ＊."""
    if hasattr(cell, "ja"):
        return cell.ja
    return "＊" if getattr(cell, "name", "") == "HIDDEN" else cell


def book(data):
    """Return the sheet of an Excel file."""
    return load_workbook(BytesIO(data)).active
