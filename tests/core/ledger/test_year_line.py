"""The fiscal-year line stands beside the month, with the worked numbers of fiscal 2026."""

from datetime import date

from niwari.ledger.models import Account
from niwari.ledger.overview import month_of

from .test_views_journey import page

CAPS = [1953, 1674, 2046, 2046, 1860, 1767, 1953, 1767, 1860, 1767, 1674, 2046]


def test_twelve_months_from_april_with_what_each_allows(ledger):
    months = month_of(ledger.ctx("staff@koriyama"), date(2026, 11, 10)).months
    assert [one.starts_on for one in months] == [
        *(date(2026, month, 1) for month in range(4, 13)),
        *(date(2027, month, 1) for month in range(1, 4)),
    ]
    assert [one.cap for one in months] == CAPS
    assert sum(CAPS) == 22_413


def test_what_was_used_and_agreed_to_stands_in_its_month(ledger):
    first = ledger.agreed(date(2026, 11, 18), 120)
    ledger.agreed(date(2026, 12, 16), 90)
    ledger.now(11, 18, 18)
    ledger.record(first, 100)
    months = month_of(ledger.ctx("staff@koriyama"), date(2026, 11, 18)).months
    taken = {one.starts_on: (one.used, one.reserved) for one in months if one.taken}
    assert taken == {date(2026, 11, 1): (100, 0), date(2026, 12, 1): (0, 90)}


def test_a_closed_month_allows_what_it_allowed_then(ledger):
    ledger.agreed(date(2026, 11, 18), 120)
    ledger.now(12, 16, 9)
    Account.update(cap=1500, closed_at=ledger.world.clock()).execute()
    months = month_of(ledger.ctx("staff@koriyama"), date(2026, 12, 16)).months
    assert [one.cap for one in months] == [
        1500 if cap == 1767 and n == 7 else cap for n, cap in enumerate(CAPS)
    ]


def test_without_the_year_there_is_none(ledger):
    assert month_of(ledger.ctx("staff@koriyama"), date(2026, 11, 10), with_year=False).months == ()


def test_the_page_shows_it_as_bars_and_as_a_table(ledger, client_for):
    ledger.agreed(date(2026, 12, 16), 90)
    shown = page(client_for("staff@koriyama"), "/ledger/")
    assert shown.html.count('class="year-cap"') == 12
    assert shown.html.count('class="year-reserved"') == 1
    assert " 12月 31時間 0分 1時間30分" in shown
