"""The pages of 代理入力 and of transfers: what is shown, kept, refused and told."""

from datetime import date

import pytest

from niwari.ledger.asking import entering
from niwari.ledger.models import Request, State

from .test_entering import CHILD_CARE, CLERK, COOK, enter, line, nursery, who
from .test_moving import MOVER, NEW_HEAD, move, office
from .test_views_budgets import OWN, SHELL, cost
from .test_views_journey import Page, page

__all__ = ["nursery", "office"]  # fixtures that pytest finds here

ENTERING = "/ledger/entering"
PURPOSE = "絵本の読み聞かせの勉強会"


def typed(client, *lines):
    """Return the fields of the table as a browser sends them, with these lines filled in."""
    shown = page(client, ENTERING)
    fields = {"rows": shown.hidden("rows")[0]}
    empty = {"person": "", "work_date": "2026-11-18", "starts": "", "ends": "", "minutes": ""}
    for number, key in enumerate(shown.hidden(r"line\d+-form_key")):
        given = {**empty, "purpose": "", "activity": "general", "place": "branch"}
        if number < len(lines):
            names = ("person", "work_date", "minutes")
            given |= {"purpose": PURPOSE, **dict(zip(names, lines[number], strict=True))}
        given["form_key"] = key
        fields |= {f"line{number + 1}-{name}": value for name, value in given.items()}
    return fields


def sent(client, fields):
    """Send the table; returns what is shown."""
    return Page(client.submit(ENTERING, fields, form_at=ENTERING))


def person(login):
    """Return the value of a person's choice."""
    return str(who(login))


def test_the_menu_leads_clerks_there_and_nobody_else(ledger, nursery, client_for):
    assert "代理入力" in page(client_for(CLERK), "/ledger/")
    assert "代理入力" not in page(client_for(COOK), "/ledger/")
    assert client_for(COOK).get(ENTERING).status_code == 403


def test_where_it_is_off_it_is_not_there(ledger, nursery, client_for, world):
    world.set_settings("it@koriyama", "ledger", clerk_entry=False)
    client = client_for(CLERK)
    assert client.get(ENTERING).status_code == 404
    assert "代理入力" not in page(client, "/ledger/")


def test_several_lines_are_entered_at_once(ledger, nursery, client_for):
    client = client_for(CLERK)
    fields = typed(
        client, (person(COOK), "2026-11-18", "60"), (person(CHILD_CARE), "2026-11-19", "45")
    )
    for _ in range(2):  # a double click
        answer = client.submit(ENTERING, fields, form_at=ENTERING)
        assert (answer.status_code, answer.location) == (303, ENTERING)
    assert "2件を代理入力しました" in page(client, ENTERING)
    stored = {one.person_id: (one.minutes, one.place, one.state) for one in Request.select()}
    assert stored == {
        who(COOK): (60, "branch", State.REQUESTED),
        who(CHILD_CARE): (45, "branch", State.REQUESTED),
    }


def test_one_wrong_line_keeps_all_out_says_so_there_and_keeps_what_was_typed(
    ledger, nursery, client_for
):
    client = client_for(CLERK)
    fields = typed(
        client, (person(COOK), "2026-11-18", "60"), (person(CHILD_CARE), "2026-11-21", "45")
    )
    shown = sent(client, fields)
    assert shown.status == 422
    assert "2行目の日にち：この日時や長さでは申し込めません" in shown
    assert 'href="#line2-work_date"' in shown.html
    assert shown.html.count(f'value="{PURPOSE}"') == 2
    assert f'<option selected value="{person(CHILD_CARE)}">' in shown.html
    assert Request.select().count() == 0


class TestAnOralOk:
    def ticked(self, ledger, client, **changes):
        """Return the fields of one line with the tick of an oral OK of this morning."""
        given = {
            "oral": "y",
            "oral_by": str(ledger.ctx("head@x").acting.id),
            "oral_day": "2026-11-10",
            "oral_time": "08:40",
            **changes,
        }
        fields = typed(client, (person(COOK), "2026-11-18", "60"))
        return fields | {f"line1-{name}": value for name, value in given.items()}

    def test_the_line_is_held_at_once_and_the_clerk_is_told(self, ledger, nursery, client_for):
        client = client_for(CLERK)
        fields = self.ticked(ledger, client)
        assert client.submit(ENTERING, fields, form_at=ENTERING).location == ENTERING
        assert "口頭の了承がある1件を代理入力し、時間を確保しました" in page(client, ENTERING)
        (made,) = Request.select()
        assert (made.state, made.oral_answer) == (State.AGREED, "waiting")
        listed = page(client_for("head@x"), "/ledger/approvals")
        assert "口頭の了承を確かめる" in listed
        assert PURPOSE in listed

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"oral_by": ""}, "1行目の了承した人：了承した人を選んでください。"),
            ({"oral_by": "x"}, "1行目の了承した人：了承した人を選んでください。"),
            ({"oral_by": "999999"}, "1行目の了承した人：この申込みに答えられる人ではありません"),
            ({"oral_day": ""}, "1行目の了承の日：日にちを 2026-11-18 の形で"),
            ({"oral_time": ""}, "1行目の了承の時刻：時刻を 15:00 の形で"),
            ({"oral_time": "9:99"}, "1行目の了承の時刻："),
            ({"oral_time": "23:00"}, "1行目の了承の時刻：了承をもらった日時は、今より前の"),
        ],
    )
    def test_bad_input_is_refused_beside_its_field(
        self, ledger, nursery, client_for, changes, said
    ):
        client = client_for(CLERK)
        shown = sent(client, self.ticked(ledger, client, **changes))
        assert (shown.status, said in shown) == (422, True)
        assert Request.select().count() == 0

    def test_without_the_tick_it_is_no_ok(self, ledger, nursery, client_for):
        client = client_for(CLERK)
        fields = self.ticked(ledger, client)
        del fields["line1-oral"]
        assert sent(client, fields).status == 303
        assert Request.get().state == State.REQUESTED

    def test_where_the_municipality_takes_none_there_is_no_tick(self, nursery, client_for, world):
        world.set_settings("it@koriyama", "ledger", oral=False)
        assert "口頭の了承" not in page(client_for(CLERK), ENTERING)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"line1-person": ""}, "1行目の職員：職員を選んでください。"),
        ({"line1-person": "x"}, "1行目の職員：職員を選んでください。"),
        ({"line1-person": "999999"}, "1行目の職員：あなたが代理入力できる所属の職員から"),
        ({"line1-minutes": ""}, "1行目の長さ（分）：時刻か長さを入力してください。"),
        ({"line1-minutes": "1.5"}, "1行目の長さ（分）：長さを分で、整数で入力してください。"),
        ({"line1-starts": "15:00"}, "1行目の長さ（分）：時刻か長さの、どちらか一つを"),
        ({"line1-starts": "15:00", "line1-minutes": ""}, "1行目の終わり：時刻を 15:00 の形で"),
        ({"line1-work_date": ""}, "1行目の日にち：日にちを 2026-11-18 の形で"),
        ({"line1-work_date": "2026-11-09"}, "1行目の日にち：始まる前に了承が必要です"),
        ({"line1-purpose": "あ" * 401}, "1行目のすること：400文字以内で"),
        ({"line1-activity": "consult"}, "1行目の活動の種類："),
        ({"line1-place": "moon"}, "1行目の場所："),
        ({"rows": "-1"}, None),
        ({"rows": "99999"}, None),
    ],
)
def test_bad_input_is_refused_beside_its_field(ledger, nursery, client_for, changes, said):
    client = client_for(CLERK)
    fields = typed(client, (person(COOK), "2026-11-18", "60")) | changes
    shown = sent(client, fields)
    if said is None:
        assert shown.status == 303
        return
    assert (shown.status, said in shown) == (422, True)
    assert Request.select().count() == 0


def test_an_empty_table_is_refused(ledger, nursery, client_for):
    client = client_for(CLERK)
    shown = sent(client, typed(client))
    assert (shown.status, "1行以上入力してください。" in shown) == (422, True)


def test_more_lines_keep_what_was_typed_and_store_nothing(ledger, nursery, client_for):
    client = client_for(CLERK)
    fields = typed(client, (person(COOK), "2026-11-18", "60"))
    shown = sent(client, {**fields, "more": "1"})
    assert shown.status == 200
    assert "10行目の職員" in shown
    assert f'value="{PURPOSE}"' in shown.html
    again = sent(client, {**fields, "rows": shown.hidden("rows")[0], "more": "1"})
    assert "15行目の職員" in again
    assert "16行目の職員" not in again
    assert Request.select().count() == 0


def test_a_clerk_is_offered_no_discreet_class(ledger, nursery, client_for):
    """The person's choice of one is told to nobody: a clerk enters 「学び・相談」 (L14)."""
    shown = page(client_for(CLERK), ENTERING)
    assert 'value="general"' in shown.html
    assert 'value="consult"' not in shown.html
    assert 'value="consult"' in page(client_for(COOK), "/ledger/requests/new").html


def test_records_of_several_in_one_table(ledger, nursery, client_for):
    made = enter(ledger, line(ledger, COOK), line(ledger, CHILD_CARE))
    for one in made:
        ledger.agree(one)
    ledger.now(11, 18, 16)
    client = client_for(CLERK)
    first, second = (f"request{one.id}-minutes" for one in made)
    wrong = Page(
        client.submit(f"{ENTERING}/records", {first: "45", second: "90"}, form_at=ENTERING)
    )
    assert (wrong.status, "記録できるのは、了承された1時間までです" in wrong) == (422, True)
    assert f'name="{first}"' in wrong.html
    assert ledger.amounts(COOK)[0] == 0
    right = client.submit(f"{ENTERING}/records", {first: "45", second: ""}, form_at=ENTERING)
    assert right.status_code == 303
    assert [ledger.amounts(one)[0] for one in (COOK, CHILD_CARE)] == [45, 0]


def test_nothing_filled_in_is_no_record(ledger, nursery, client_for):
    answer = client_for(CLERK).submit(f"{ENTERING}/records", {}, form_at=ENTERING)
    assert answer.status_code == 422


def test_the_person_objects_on_the_requests_page(ledger, nursery, client_for):
    (made,) = enter(ledger, line(ledger, COOK))
    address = f"/ledger/requests/{made.id}"
    cook = client_for(COOK)
    shown = page(cook, address)
    assert "入力した職員 職員" in shown
    bare = Page(cook.submit(f"{address}/object", {"objection": ""}, form_at=address))
    assert (bare.status, "何が違うのかを400文字以内で" in bare) == (422, True)
    said = cook.submit(f"{address}/object", {"objection": "頼んでいません。"}, form_at=address)
    assert said.status_code == 303
    head = client_for("head@x")
    assert "本人の異議あり" in page(head, "/ledger/approvals")
    assert "代理入力：職員" in page(head, "/ledger/approvals")
    assert "頼んでいません。" in page(head, address)
    assert "頼んでいません。" in page(head, "/ledger/objections")
    assert "本人の異議：頼んでいません。" in page(client_for(CLERK), ENTERING)
    assert client_for(CLERK).get(address).status_code == 404


def test_the_page_costs_the_same_with_3_and_with_40(ledger, nursery, client_for, town, queries):
    here = town("072036")

    def entered(numbers):
        for number in numbers:
            here.appoint(f"many{number}@x", "育成部/園務課/中央保育所")
            enter(ledger, line(ledger, f"many{number}@x"))

    entered(range(3))
    clerk, head = client_for(CLERK), client_for("head@x")
    few = [cost(queries, clerk, ENTERING), cost(queries, head, "/ledger/objections")]
    entered(range(3, 40))
    many = [cost(queries, clerk, ENTERING), cost(queries, head, "/ledger/objections")]
    assert few == many
    assert max(many) <= SHELL + OWN
    assert len(entering.entered_by_me(ledger.ctx(CLERK))) == 40


class TestTransferred:
    @pytest.fixture
    def brought(self, ledger, office):
        """Two agreed requests whose person has moved to the new section."""
        days = (date(2026, 11, 18), date(2026, 11, 19))
        made = [ledger.agreed(day, 60, by=MOVER, purpose=PURPOSE) for day in days]
        move(ledger, office, "移動部/新課")
        return made

    def test_one_tap_each_and_one_for_all(self, ledger, brought, client_for):
        head, listed = client_for(NEW_HEAD), "/ledger/transferred"
        assert "2件すべてを引き続き了承する" in page(head, listed)
        one = f"/ledger/requests/{brought[0].id}/reagree"
        assert head.submit(one, {}, form_at=listed).location == listed
        assert "1件を、引き続き了承しました。" in page(head, listed)
        assert head.submit("/ledger/transferred/agree", {}, form_at=listed).location == listed
        assert "引き継ぐ予定はありません" in page(head, listed)

    def test_the_person_reads_that_the_time_is_kept(self, ledger, brought, client_for):
        address = f"/ledger/requests/{brought[0].id}"
        assert "この時間は確保されたままです" in page(client_for(MOVER), address)
        assert "引き続き了承する" not in page(client_for(MOVER), address)
        assert "引き続き了承する" in page(client_for(NEW_HEAD), address)

    def test_calling_off_asks_for_the_reason(self, ledger, brought, client_for):
        head, listed = client_for(NEW_HEAD), "/ledger/transferred"
        address = f"/ledger/requests/{brought[0].id}/call-off"
        assert "業務都合のため" in page(head, listed)
        refused = Page(head.submit(address, {"reason": ""}, form_at=listed))
        assert (refused.status, "取りやめる理由を400文字以内で" in refused) == (422, True)
        done = head.submit(address, {"reason": "業務都合のため"}, form_at=listed)
        assert done.location == listed
        assert Request.get_by_id(brought[0].id).state == State.REVOKED

    def test_the_list_costs_the_same_with_1_and_with_30(self, ledger, office, client_for, queries):
        def agreed(numbers):
            for number in numbers:
                ledger.agreed(date(2026, 11, 17 + number % 3), 5, by=MOVER)

        agreed(range(30))
        move(ledger, office, "移動部/新課")
        head = client_for(NEW_HEAD)
        many = cost(queries, head, "/ledger/transferred")
        page_of_30 = page(head, "/ledger/transferred")
        head.submit("/ledger/transferred/agree", {}, form_at="/ledger/transferred")
        assert "30件すべて" in page_of_30
        few = cost(queries, head, "/ledger/transferred")
        assert few <= many <= SHELL + OWN
