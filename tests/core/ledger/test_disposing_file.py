"""The file of a fiscal year has every column, and says of what nobody answered that it is so (L6, L17)."""

import csv
import io
from io import BytesIO
from zipfile import ZipFile

import pytest
from peewee import ForeignKeyField

from niwari.ledger import plugin
from niwari.ledger.disposing import proposing, removing, years
from niwari.ledger.disposing.columns import HEADS, LEFT_OUT
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.disposing.parts import PARTS, state_of
from niwari.ledger.models import DisposalRecord, JournalEntry, Request, Supplement

from .disposing import STAFF


def pending(old):
    """Let the recorded request have minutes beyond its agreement that nobody answered."""
    entry = JournalEntry.get(JournalEntry.kind == "record")
    return Supplement.create(
        request=entry.request, minutes=15, state="pending", entry=entry, asked_at=old.ctx().now
    )


def table(old, code):
    """Return the rows of one kind, as somebody finds them in the file."""
    file = proposing.export(old.ctx(), old.propose())
    with ZipFile(BytesIO(b"".join(file.pieces))) as archive:
        text = archive.read(f"{code}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.code)
class TestColumns:
    def test_each_is_in_the_file_with_a_head_or_left_out_with_a_reason(self, part):
        names = {field.name for field in part.model._meta.sorted_fields}
        assert names <= HEADS.keys() | LEFT_OUT.keys()
        assert not HEADS.keys() & LEFT_OUT.keys()
        assert len(part.columns) == len(names - LEFT_OUT.keys())

    def test_no_two_have_the_same_head(self, part):
        for heads in ([one.ja for one, _ in part.columns], [one.en for one, _ in part.columns]):
            assert len(set(heads)) == len(heads)

    def test_the_id_comes_first(self, part):
        assert part.columns[0] == (HEADS["id"], part.model.id)


def test_no_name_is_given_a_head_that_no_model_has():
    names = {field.name for part in PARTS for field in part.model._meta.sorted_fields}
    assert HEADS.keys() | LEFT_OUT.keys() <= names


def test_every_table_that_refers_to_what_is_removed_is_removed_before_it():
    order = [part.model for part in PARTS]
    for model in plugin.models():
        for field in model._meta.sorted_fields:
            if not isinstance(field, ForeignKeyField) or field.rel_model not in order:
                continue
            assert model in order, f"{model.__name__}.{field.name}"
            assert order.index(model) <= order.index(field.rel_model)


class TestWhatNobodyAnswered:
    def test_a_pending_supplement_hinders_nothing_and_says_so_in_the_file(self, old):
        made = pending(old)
        assert years.candidate(old.ctx()).refusal is None
        (row,) = table(old, "supplements")
        assert (row["分"], row["状態"]) == ("15", "未確認")
        assert (row["記帳の番号"], row["答えた日時"]) == (str(made.entry_id), "")
        assert row["頼んだ日時"] == "2032-04-05 09:00"

    def test_it_goes_with_its_year(self, old):
        pending(old)
        number = old.dispose()
        assert Supplement.select().count() == 0
        assert '"supplements": 1' in DisposalRecord.get().counts
        assert removing.remove_all(old.ctx(), number) == 0

    def test_an_answered_one_says_which(self, old):
        Supplement.update(state="accepted").where(Supplement.id == pending(old).id).execute()
        assert [row["状態"] for row in table(old, "supplements")] == ["accepted"]

    def test_an_oral_ok_that_nobody_confirmed(self, old):
        Request.update(oral_answer="waiting", oral_at=old.ctx().now).where(
            Request.person == old.ctx(STAFF).person_id
        ).execute()
        assert {row["口頭の了承の確認"] for row in table(old, "requests")} == {"未確認"}


def test_what_a_host_said_of_attendance_is_in_the_file(old):
    Request.update(attended_at=old.ctx().now, attended_minutes=75).where(
        Request.state == "recorded"
    ).execute()
    (row,) = [one for one in table(old, "requests") if one["状態"] == "recorded"]
    assert row["主催者が確かめた分"] == "75"
    assert row["主催者が出席を確かめた日時"] == "2032-04-05 09:00"


def test_the_way_to_a_request_is_in_the_file(old):
    to, way = (
        Request.select().where(Request.person == old.ctx(STAFF).person_id).order_by(Request.id)
    )
    Request.update(travel_for=to.id, travel="back").where(Request.id == way.id).execute()
    found = table(old, "requests")
    assert [row["本体の申込みの番号"] for row in found] == ["", str(to.id)]
    assert [row["移動の行き・帰り"] for row in found] == ["", "back"]


def test_an_answer_between_comparing_the_file_and_the_locks_is_seen(old):
    made = pending(old)
    year = FiscalYear(old.ctx().municipality.id, 2026)
    before = state_of(year)
    assert state_of(year) == before
    Supplement.update(reviewed_at=old.ctx().now).where(Supplement.id == made.id).execute()
    assert state_of(year) != before
