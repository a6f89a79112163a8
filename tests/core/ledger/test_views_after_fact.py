"""事後の申込み through the pages: asking, the marks, the head's list, the own statement, HR's choice."""

import csv
from datetime import date
from io import StringIO

import pytest

from niwari.ledger.models import Request, State

from .test_after_fact import YESTERDAY, ask, switch, taken
from .test_entering import CLERK, COOK, nursery
from .test_views_clerk import person, sent, typed
from .test_views_forms import says
from .test_views_journey import Page, form_of, page
from .test_views_oral import ticked

__all__ = ["nursery", "switch", "taken"]

NEW, LIST = "/ledger/requests/new", "/ledger/approvals"
STATEMENT = "/ledger/statement"
STAFF, HEAD = "staff@koriyama", "head@koriyama"
TICK = "事後の申込みにします"


def after(client, **changes):
    """Return the form as a browser sends it, ticked, for an hour of yesterday."""
    fields = {"after_fact": "y", "work_date": "2026-11-09", "minutes": "60", **changes}
    return form_of(client, **fields)


def marks(shown):
    """Return how often a page shows the mark."""
    return shown.html.count('badge--info">事後</span>')


class TestAsking:
    def test_the_tick_is_there_where_the_municipality_wants_it(self, ledger, switch, client_for):
        staff = client_for(STAFF)
        assert TICK not in page(staff, NEW)
        switch()
        shown = page(staff, NEW)
        assert TICK in shown
        assert "終わってから5開庁日まで申し込めます" in shown
        assert 'min="2026-11-02"' in shown.html
        assert TICK not in page(client_for("staff@sukagawa"), NEW)

    def test_asked_agreed_and_recorded_it_is_marked(self, ledger, taken, client_for):
        staff, head = client_for(STAFF), client_for(HEAD)
        address = staff.submit(NEW, after(staff)).location
        assert marks(page(staff, address)) == 1
        waiting = page(head, LIST)
        assert marks(waiting) == 1
        assert "始まりを過ぎています" not in waiting
        assert f'name="requests" value="{Request.get().id}"' in waiting.html
        fields = {"key": waiting.hidden("key")[-1], "requests": Request.get().id}
        chosen = head.submit("/ledger/approvals/agree", fields, form_at=LIST)
        assert (chosen.status_code, Request.get().state) == (303, State.AGREED)
        recorded = staff.submit(f"{address}/record", {"minutes": "60"}, form_at=address)
        assert recorded.status_code == 303
        assert marks(page(staff, "/ledger/")) == 1
        assert marks(page(head, "/ledger/heads/month")) == 1

    @pytest.mark.parametrize(
        ("field", "typed_in", "words"),
        [
            ("work_date", "2026-11-11", "もう終わった時間だけに使えます"),
            ("work_date", "2026-11-01", "終わってから5開庁日までです"),
            ("minutes", "600", "その日から今までの勤務時間は"),
        ],
    )
    def test_what_is_refused_is_said_and_kept(
        self, ledger, taken, client_for, field, typed_in, words
    ):
        staff = client_for(STAFF)
        answer = Page(staff.submit(NEW, after(staff, **{field: typed_in})))
        assert (answer.status, Request.select().count()) == (422, 0)
        assert says(answer, field, words)
        assert f'value="{typed_in}"' in answer.html
        assert 'name="after_fact" type="checkbox" value="y"' in answer.html.replace("checked ", "")

    def test_never_with_an_oral_ok(self, ledger, taken, client_for):
        staff = client_for(STAFF)
        both = {"after_fact": "y", "work_date": "2026-11-09"}
        answer = Page(staff.submit(NEW, ticked(staff, **both)))
        assert answer.status == 422
        assert says(answer, "oral", "始まる前のものです")

    def test_a_tick_where_it_is_off_changes_nothing(self, ledger, client_for):
        staff = client_for(STAFF)
        answer = Page(staff.submit(NEW, after(staff)))
        assert (answer.status, Request.select().count()) == (422, 0)
        assert says(answer, "work_date", "過ぎた時間は申し込めません")

    def test_given_back_it_is_put_again_with_its_tick(self, ledger, switch, client_for):
        switch()
        request, staff = ask(ledger, minutes=60), client_for(STAFF)
        ledger.return_(request)
        switch(on=False)
        again = f"/ledger/requests/{request.id}/again"
        shown = page(staff, again)
        assert TICK in shown
        fields = after(staff, form_key=shown.hidden("form_key")[0], minutes="45")
        assert staff.submit(again, fields, form_at=again).status_code == 303
        stored = Request.get_by_id(request.id)
        assert (stored.minutes, stored.after_fact, stored.state) == (45, True, State.REQUESTED)


class TestWhereItShows:
    @pytest.fixture
    def recorded(self, ledger, taken):
        """An hour of yesterday, recorded."""
        return ledger.record(ledger.agree(ask(ledger, minutes=60)), 60)

    def test_the_own_statement_on_screen_and_as_a_file(self, ledger, recorded, client_for):
        staff = client_for(STAFF)
        shown = page(staff, f"{STATEMENT}?period=2026-11")
        assert "事後" in shown
        fields = {"table": "records", "period": "2026-11", "format": "csv"}
        file = staff.submit(f"{STATEMENT}/file", fields, form_at=STATEMENT)
        (line,) = csv.DictReader(StringIO(file.get_data().decode("utf-8-sig")))
        assert line["備考"] == "事後"

    def test_the_weeks_slip(self, ledger, taken, client_for):
        ledger.agree(ask(ledger, minutes=60))
        ledger.agreed(date(2026, 11, 11), 60)
        assert marks(page(client_for(HEAD), "/ledger/heads/slip?week=2026-11-09")) == 1

    def test_the_head_who_sees_it_afterwards_and_nobody_elsewhere(
        self, ledger, recorded, client_for
    ):
        address = f"/ledger/requests/{recorded.id}"
        assert marks(page(client_for(HEAD), address)) == 1
        assert client_for("head@sukagawa").get(address).status_code == 404


class TestAClerk:
    def test_ticks_it_in_a_line(self, ledger, nursery, taken, client_for):
        clerk = client_for(CLERK)
        fields = typed(clerk, (person(COOK), YESTERDAY.isoformat(), "60"))
        refused = sent(clerk, fields)
        assert (refused.status, Request.select().count()) == (422, 0)
        assert "「事後の申込み」として申し込めます" in refused
        assert sent(clerk, {**fields, "line1-after_fact": "y"}).status == 303
        assert Request.get().after_fact
        assert marks(page(clerk, "/ledger/entering")) == 1

    def test_has_no_tick_where_it_is_off(self, ledger, nursery, client_for):
        assert "after_fact" not in page(client_for(CLERK), "/ledger/entering").html


def test_several_at_once_have_no_tick(ledger, switch, client_for):
    switch(joint=True)
    assert TICK not in page(client_for(STAFF), "/ledger/requests/together")


def test_hr_reads_what_the_choice_does(ledger, client_for):
    shown = page(client_for("hr@koriyama"), "/ledger/rules")
    assert "今日申し込めるのは、11月2日（月）からの時間です。" in shown
