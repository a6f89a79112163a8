"""Importing people.csv: what is refused, what is written, and that it is whole or nothing."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database, transaction
from niwari.db.counting import counted_queries
from niwari.db.sets import CHUNK
from niwari.directory.answering import answering_person, section_heads
from niwari.directory.importing import COLUMNS, ImportReport, import_people
from niwari.directory.importing.stored import lock_towns
from niwari.directory.models import (
    MODELS,
    Appointment,
    Clerk,
    Headship,
    Municipality,
    Person,
    Section,
)
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import register

HEADER = ",".join(COLUMNS)


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context on an empty directory."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        register("072036", "073229")
        yield system_context(clock(), "niwari directory import")
    database_engines.drop(url)


def row(login: str = "staff@koriyama", **cells: str) -> str:
    """A good line, but for what ``cells`` say."""
    known = {
        "municipality": "072036",
        "login": login,
        "name": "職員一",
        "kana": "ショクインイチ",
        "email": "",
        "section": "総務部/人事課",
        "head": "",
        "employment": "full_time",
        "start": "2026-04-01",
        "end": "",
    }
    return ",".join((known | cells)[column] for column in COLUMNS)


def file(*rows: str) -> bytes:
    """A people.csv with these rows; the first is line 2."""
    return "\n".join([HEADER, *rows, ""]).encode()


def refused(ctx: Context, *rows: str) -> list[tuple[int, str, str]]:
    """What is wrong with a file; nothing was imported."""
    before = everything()
    with pytest.raises(ImportRefused) as caught:
        import_people(ctx, file(*rows))
    assert everything() == before
    return [(bad.line, bad.column, bad.reason) for bad in caught.value.bad_lines]


def everything() -> list[object]:
    """All rows of all tables of the directory, and the number of audit rows."""
    rows: list[object] = [list(model.select().order_by(model.id).tuples()) for model in MODELS]
    return [*rows, AuditEntry.select().count()]


def posts(login: str) -> list[tuple[str, date, date | None, bool]]:
    """The posts of a person in order: section, first day, last day, whether it is the main one."""
    rows = (
        Appointment.select(Appointment, Section)
        .join_from(Appointment, Section)
        .join_from(Appointment, Person)
        .where(Person.login == login)
        .order_by(Appointment.starts_on, Appointment.id)
    )
    return [(post.section.path, post.starts_on, post.ends_on, post.is_main) for post in rows]


def heads(path: str) -> list[tuple[str, date, date | None]]:
    """The headships of a section in order: login, first day, last day."""
    rows = (
        Headship.select(Headship, Appointment, Person)
        .join_from(Headship, Section)
        .join_from(Headship, Appointment)
        .join_from(Appointment, Person)
        .where(Section.path == path)
        .order_by(Headship.starts_on)
    )
    return [(row.appointment.person.login, row.starts_on, row.ends_on) for row in rows]


def head_on(path: str, day: date, login: str = "staff@koriyama") -> str | None:
    """The login of the one who answers for a person of a section on a day."""
    section = Section.get(Section.path == path)
    tree = section_heads(section.municipality_id, day)
    found = answering_person(tree, section.id, Person.get(Person.login == login).id)
    return Person.get_by_id(found).login if found else None


# -- what a good file brings --


def test_a_file_brings_municipality_sections_people_posts_and_heads(ctx: Context) -> None:
    report = import_people(
        ctx,
        file(
            row(email="s1@town.example.jp", head="head@koriyama"),
            row("head@koriyama", name="所属長一", kana="ショゾクチョウイチ"),
            row("staff@otama", municipality="073229", section="総務課", end="2027-03-31"),
        ),
    )
    assert report == ImportReport(added=3)
    assert sorted(m.code + m.name + m.kana + m.kind for m in Municipality.select()) == [
        "072036郡山市コオリヤマシcity",
        "073229大玉村オオタマムラvillage",
    ]
    sections = {s.path: (s.name, s.parent.path if s.parent else None) for s in Section.select()}
    assert sections == {
        "総務部": ("総務部", None),
        "総務部/人事課": ("人事課", "総務部"),
        "総務課": ("総務課", None),
    }
    person = Person.get(Person.login == "staff@koriyama")
    assert (person.name, person.kana, person.email) == (
        "職員一",
        "ショクインイチ",
        "s1@town.example.jp",
    )
    assert posts("staff@otama") == [("総務課", date(2026, 4, 1), date(2027, 3, 31), True)]
    assert heads("総務部/人事課") == [("head@koriyama", date(2026, 4, 1), None)]
    assert head_on("総務部/人事課", date(2026, 11, 10)) == "head@koriyama"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_file_of_a_spreadsheet_is_imported(ctx: Context, encoding: str) -> None:
    data = file(row(start="2026/4/1", name="髙橋一")).decode().replace("\n", "\r\n")
    assert import_people(ctx, data.encode(encoding)) == ImportReport(added=1)
    assert Person.get().name == "髙橋一"


def test_codes_and_logins_become_plain_and_names_stay_as_written(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row("Ｓｔａｆｆ@Koriyama", municipality="０７２０３６", name="職員　１", kana="ｼｮｸｲﾝ")
        ),
    )
    person = Person.get()
    assert (person.login, person.name, person.kana) == ("staff@koriyama", "職員　１", "ショクイン")


def test_the_regional_secretariat_needs_no_town_in_its_login(ctx: Context) -> None:
    assert import_people(ctx, file(row("secretariat"))).added == 1


def test_the_full_width_slash_divides_a_path_too(ctx: Context) -> None:
    import_people(ctx, file(row(section="総務部 ／ 人事課")))
    assert sorted(s.path for s in Section.select()) == ["総務部", "総務部/人事課"]


def test_an_empty_head_is_that_of_the_nearest_section_above(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(section="総務部/人事課/給与係"),
            row("chief@koriyama", section="総務部", head="chief@koriyama"),
        ),
    )
    assert head_on("総務部/人事課/給与係", date(2026, 4, 1)) == "chief@koriyama"


def test_an_empty_head_is_known_from_another_line(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(),
            row("a@koriyama", head="b@koriyama"),
            row("b@koriyama"),
        ),
    )
    assert head_on("総務部/人事課", date(2026, 4, 1)) == "b@koriyama"


# -- what is refused --


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (
            "municipality",
            "072037",
            "市町村コード 072037 の検査数字が違います。正しくは 072036 です。",
        ),
        (
            "municipality",
            "72036",
            "市町村コードの先頭の0がありません（72036 ではなく 072036）。Excel で開くと"
            "消えることがあります。列の書式を「文字列」にして直してください。"
            "ほかの行の同じ誤りは挙げていません。",
        ),
        ("municipality", "郡山市", "市町村コードは6桁の数字で書いてください（郡山市）。"),
        ("municipality", "072991", "市町村コード 072991 の市町村はありません。"),
        ("municipality", "070009", "070009 は福島県のコードです。市町村のコードにしてください。"),
        (
            "municipality",
            "011011",
            "011011 は札幌市中央区のコードです。市町村のコードにしてください。",
        ),
        (
            "login",
            "staff",
            "ログイン名は「名前@市町村」の形の半角英数字にしてください（staff）。",
        ),
        (
            "login",
            "職員@koriyama",
            "ログイン名は「名前@市町村」の形の半角英数字にしてください（職員@koriyama）。",
        ),
        ("name", "", "空にできません。"),
        ("name", "=1+1", "「=」で始めることはできません。表計算で式として扱われます。"),
        ("name", "職" * 101, "長すぎます。100文字までのところ、101文字あります。"),
        ("kana", "@SUM", "「@」で始めることはできません。表計算で式として扱われます。"),
        ("email", "nobody", "メールアドレスの形ではありません（nobody）。"),
        (
            "email",
            "=cmd@town.example.jp",
            "メールアドレスの形ではありません（=cmd@town.example.jp）。",
        ),
        ("section", "", "所属は「総務部/人事課」のように書いてください（）。"),
        (
            "section",
            "総務部//人事課",
            "所属は「総務部/人事課」のように書いてください（総務部//人事課）。",
        ),
        (
            "section",
            "総務部/+人事課",
            "「+」で始めることはできません。表計算で式として扱われます。",
        ),
        (
            "head",
            "所属長一",
            "ログイン名は「名前@市町村」の形の半角英数字にしてください（所属長一）。",
        ),
        (
            "head",
            "nobody@koriyama",
            "所属長の nobody@koriyama は、このファイルにも名簿にもいません。"
            "先にその人の行を足すか、ログイン名を直してください。",
        ),
        (
            "employment",
            "正規",
            "「正規」は使えません。full_time, short_time, fiscal_year, reappointed "
            "のどれかにしてください。",
        ),
        ("start", "", "日付は 2026-04-01 のように書いてください（）。"),
        ("start", "2026-02-30", "2026-02-30 という日はありません。"),
        ("end", "2026-03-31", "終わりの日が始まりの日より前です。"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_column_and_reason(
    ctx: Context, column: str, cell: str, reason: str
) -> None:
    assert refused(ctx, row("a@koriyama"), row(**{column: cell})) == [(3, column, reason)]


def test_three_bad_lines_of_five_are_all_named_and_nothing_is_imported(ctx: Context) -> None:
    bad = refused(
        ctx,
        row("a@koriyama"),
        row("b@koriyama", municipality="072037"),
        row("c@koriyama"),
        row("d@koriyama", head="nobody@koriyama"),
        row("c@koriyama"),
    )
    assert [(line, column) for line, column, _ in bad] == [
        (3, "municipality"),
        (5, "head"),
        (6, "start"),
    ]


def test_a_head_whose_own_line_is_bad_is_not_called_unknown(ctx: Context) -> None:
    bad = refused(
        ctx,
        row(head="head@koriyama"),
        row("head@koriyama", start="soon"),
        row("other@koriyama", head="chief@koriyama", section="財政課"),
        row("chief@koriyama") + ",",
    )
    assert [(line, column) for line, column, _ in bad] == [(3, "start"), (5, "")]


def test_overlapping_posts_of_a_person_in_one_section_are_refused(ctx: Context) -> None:
    bad = refused(
        ctx, row(end="2026-06-30"), row("a@koriyama"), row(start="2026-06-30"), row("a@otama")
    )
    assert bad == [(4, "start", "2行目と同じ人、同じ所属で、期間が重なっています。")]


def test_posts_in_one_section_one_after_the_other_are_fine(ctx: Context) -> None:
    report = import_people(ctx, file(row(end="2026-06-30"), row(start="2026-07-01")))
    assert report == ImportReport(added=2)


def test_two_heads_of_one_section_on_one_day_are_refused_with_both_lines(ctx: Context) -> None:
    bad = refused(
        ctx,
        row(head="a@koriyama"),
        row("a@koriyama"),
        row("b@koriyama", head="b@koriyama"),
    )
    assert bad == [
        (
            4,
            "head",
            "総務部/人事課の2026-04-01の所属長が2人になります"
            "（2行目では a@koriyama、この行では b@koriyama）。",
        )
    ]


def test_two_heads_who_come_to_the_section_on_one_day_are_refused(ctx: Context) -> None:
    bad = refused(
        ctx,
        row(start="2020-04-01", head="a@koriyama"),
        row("s@koriyama", start="2021-04-01", head="b@koriyama"),
        row("a@koriyama"),
        row("b@koriyama"),
    )
    assert [(line, column) for line, column, _ in bad] == [(3, "head")]
    assert "2行目では a@koriyama" in bad[0][2]


def test_a_head_who_has_no_post_in_the_municipality_is_refused(ctx: Context) -> None:
    bad = refused(
        ctx, row(head="head@otama"), row("head@otama", municipality="073229", section="総務課")
    )
    assert bad == [
        (
            2,
            "head",
            "所属長の head@otama は、2026-04-01以後この市町村のどの所属にもいません。"
            "先にその人の行を足すか、ログイン名を直してください。",
        )
    ]


def test_a_person_with_two_names_is_refused(ctx: Context) -> None:
    bad = refused(ctx, row(), row(section="財政課", name="職員二"))
    assert bad == [(3, "name", "同じ人の2行目と違います。同じにしてください。")]


def test_an_unknown_column_is_refused(ctx: Context) -> None:
    with pytest.raises(ImportRefused) as caught:
        import_people(ctx, file(row()).replace(b"kana", b"reading"))
    assert [(bad.line, bad.column) for bad in caught.value.bad_lines] == [
        (1, "kana"),
        (1, "reading"),
    ]


# -- the same again, and changes --


def test_the_same_file_again_changes_nothing_and_leaves_no_audit_row(ctx: Context) -> None:
    data = file(
        row(head="head@koriyama", end="2027-03-31"),
        row("head@koriyama"),
        row("head@koriyama", section="財政課"),
        row("staff@otama", municipality="073229", section="総務課"),
    )
    import_people(ctx, data)
    before = everything()
    assert import_people(ctx, data) == ImportReport(unchanged=4)
    assert everything() == before


def test_name_kana_email_employment_and_end_are_changed(ctx: Context) -> None:
    import_people(ctx, file(row(), row("other@koriyama")))
    changed = row(
        name="職員二",
        kana="ショクインニ",
        email="s2@town.example.jp",
        employment="short_time",
        end="2027-03-31",
    )
    assert import_people(ctx, file(changed, row("other@koriyama"))) == ImportReport(
        changed=1, unchanged=1
    )
    person = Person.get(Person.login == "staff@koriyama")
    post = Appointment.get(Appointment.person == person)
    assert (person.name, person.kana, person.email) == (
        "職員二",
        "ショクインニ",
        "s2@town.example.jp",
    )
    assert (post.employment, post.ends_on) == ("short_time", date(2027, 3, 31))
    assert Appointment.select().count() == 2


def test_an_end_can_be_taken_back(ctx: Context) -> None:
    import_people(ctx, file(row(end="2027-03-31")))
    assert import_people(ctx, file(row())) == ImportReport(changed=1)
    assert posts("staff@koriyama") == [("総務部/人事課", date(2026, 4, 1), None, True)]


def test_people_whom_the_file_does_not_name_stay(ctx: Context) -> None:
    import_people(ctx, file(row(), row("other@koriyama")))
    import_people(ctx, file(row()))
    assert posts("other@koriyama") == [("総務部/人事課", date(2026, 4, 1), None, True)]


def test_a_later_section_ends_the_former_post_the_day_before(ctx: Context) -> None:
    former = file(row())
    transfer = file(row(section="財政課", start="2026-10-01"))
    import_people(ctx, former)
    assert import_people(ctx, transfer) == ImportReport(added=1, ended=1)
    expected = [
        ("総務部/人事課", date(2026, 4, 1), date(2026, 9, 30), True),
        ("財政課", date(2026, 10, 1), None, True),
    ]
    assert posts("staff@koriyama") == expected
    assert import_people(ctx, transfer) == ImportReport(unchanged=1)
    assert import_people(ctx, former) == ImportReport(unchanged=1)
    assert posts("staff@koriyama") == expected


def test_a_move_to_another_municipality_ends_the_former_post(ctx: Context) -> None:
    import_people(ctx, file(row(head="staff@koriyama")))
    moved = row(municipality="073229", section="総務課", start="2026-10-01")
    assert import_people(ctx, file(moved)) == ImportReport(added=1, ended=1)
    assert [end for _, _, end, _ in posts("staff@koriyama")] == [date(2026, 9, 30), None]
    assert heads("総務部/人事課") == [("staff@koriyama", date(2026, 4, 1), date(2026, 9, 30))]
    entries = AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)
    codes = {Municipality.get_by_id(entry.municipality_id).code for entry in entries}
    assert codes == {"072036", "073229"}


def test_another_section_from_the_same_day_is_refused_as_nobody_can_tell_what_is_meant(
    ctx: Context,
) -> None:
    import_people(ctx, file(row()))
    assert refused(ctx, row(section="財政課")) == [
        (
            2,
            "start",
            "名簿では2026-04-01から総務部/人事課にいます。それより後の日にするか、"
            "兼務のときは両方の行を書いてください。",
        )
    ]


def test_posts_named_side_by_side_are_concurrent_and_the_first_is_the_main_one(
    ctx: Context,
) -> None:
    data = file(row(), row(section="財政課", start="2026-10-01"))
    assert import_people(ctx, data) == ImportReport(added=2)
    expected = [
        ("総務部/人事課", date(2026, 4, 1), None, True),
        ("財政課", date(2026, 10, 1), None, False),
    ]
    assert posts("staff@koriyama") == expected
    assert import_people(ctx, file(row(section="財政課", start="2026-10-01"))).unchanged == 1
    assert posts("staff@koriyama") == expected


def test_a_concurrent_post_can_be_added_by_naming_both(ctx: Context) -> None:
    import_people(ctx, file(row()))
    both = file(row(), row(section="財政課", start="2026-10-01"))
    assert import_people(ctx, both) == ImportReport(added=1, unchanged=1)
    assert [end for _, _, end, _ in posts("staff@koriyama")] == [None, None]


def test_the_order_of_the_lines_decides_which_post_is_the_main_one(ctx: Context) -> None:
    one, other = row(), row(section="財政課")
    import_people(ctx, file(one, other))
    assert import_people(ctx, file(other, one)) == ImportReport(changed=2)
    assert [(path, main) for path, _, _, main in posts("staff@koriyama")] == [
        ("総務部/人事課", False),
        ("財政課", True),
    ]


def test_a_longer_end_that_reaches_into_the_next_post_of_the_section_is_refused(
    ctx: Context,
) -> None:
    import_people(ctx, file(row(end="2027-03-31"), row(start="2027-04-01")))
    assert refused(ctx, row(end="2027-06-30")) == [
        (2, "end", "名簿にある同じ所属の2027-04-01からの期間と重なります。")
    ]


# -- heads over time --


def test_a_new_head_ends_the_former_headship_the_day_before(ctx: Context) -> None:
    import_people(ctx, file(row(head="a@koriyama"), row("a@koriyama"), row("b@koriyama")))
    later = file(row("new@koriyama", start="2026-10-01", head="b@koriyama"))
    assert import_people(ctx, later) == ImportReport(added=1)
    expected = [
        ("a@koriyama", date(2026, 4, 1), date(2026, 9, 30)),
        ("b@koriyama", date(2026, 10, 1), None),
    ]
    assert heads("総務部/人事課") == expected
    assert import_people(ctx, later) == ImportReport(unchanged=1)
    assert heads("総務部/人事課") == expected


def test_whoever_has_been_there_for_long_names_the_head_of_today(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(start="2020-04-01", head="a@koriyama"),
            row("a@koriyama", start="2018-04-01"),
            row("b@koriyama", start="2018-04-01", section="財政課"),
        ),
    )
    october = file(
        row(start="2020-04-01", head="b@koriyama"),
        row("a@koriyama", start="2026-10-01", section="財政課"),
        row("b@koriyama", start="2026-10-01"),
    )
    assert import_people(ctx, october) == ImportReport(added=2, changed=1, ended=2)
    assert heads("総務部/人事課") == [
        ("a@koriyama", date(2020, 4, 1), date(2026, 9, 30)),
        ("b@koriyama", date(2026, 10, 1), None),
    ]
    assert import_people(ctx, october) == ImportReport(unchanged=3)


def test_a_head_named_for_the_same_day_replaces_the_stored_one(ctx: Context) -> None:
    import_people(ctx, file(row(head="a@koriyama"), row("a@koriyama"), row("b@koriyama")))
    assert import_people(ctx, file(row(head="b@koriyama"))) == ImportReport(changed=1)
    assert heads("総務部/人事課") == [("b@koriyama", date(2026, 4, 1), None)]


def test_a_headship_ends_with_the_post_and_the_section_above_answers(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(head="a@koriyama"),
            row("a@koriyama"),
            row("chief@koriyama", section="総務部", head="chief@koriyama"),
        ),
    )
    import_people(ctx, file(row("a@koriyama", section="財政課", start="2026-10-01")))
    assert heads("総務部/人事課") == [("a@koriyama", date(2026, 4, 1), date(2026, 9, 30))]
    assert head_on("総務部/人事課", date(2026, 9, 30)) == "a@koriyama"
    assert head_on("総務部/人事課", date(2026, 10, 1)) == "chief@koriyama"


def test_a_headship_goes_on_when_the_heads_post_is_renewed(ctx: Context) -> None:
    import_people(ctx, file(row(head="a@koriyama"), row("a@koriyama", end="2027-03-31")))
    renewed = file(row("a@koriyama", start="2027-04-01", employment="reappointed"))
    assert import_people(ctx, renewed) == ImportReport(added=1)
    assert heads("総務部/人事課") == [
        ("a@koriyama", date(2026, 4, 1), date(2027, 3, 31)),
        ("a@koriyama", date(2027, 4, 1), None),
    ]
    assert head_on("総務部/人事課", date(2027, 4, 1)) == "a@koriyama"
    again = file(row(head="a@koriyama"), row("a@koriyama", end="2027-03-31"))
    assert import_people(ctx, again) == ImportReport(unchanged=2)
    assert import_people(ctx, renewed) == ImportReport(unchanged=1)


def test_a_headship_lasts_longer_when_the_heads_post_does(ctx: Context) -> None:
    import_people(ctx, file(row(head="a@koriyama"), row("a@koriyama", end="2027-03-31")))
    assert heads("総務部/人事課") == [("a@koriyama", date(2026, 4, 1), date(2027, 3, 31))]
    import_people(ctx, file(row("a@koriyama")))
    assert heads("総務部/人事課") == [("a@koriyama", date(2026, 4, 1), None)]


def test_a_head_known_from_an_earlier_file_is_found(ctx: Context) -> None:
    import_people(ctx, file(row("head@koriyama")))
    assert import_people(ctx, file(row(head="head@koriyama"))) == ImportReport(added=1)
    assert heads("総務部/人事課") == [("head@koriyama", date(2026, 4, 1), None)]


def test_a_head_may_have_the_post_in_the_section_above(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(head="chief@koriyama"),
            row("chief@koriyama", section="財政課", end="2026-03-31", start="2015-04-01"),
            row("chief@koriyama", section="総務部"),
        ),
    )
    (headship,) = Headship.select()
    assert headship.appointment.section.path == "総務部"


def test_a_head_answers_in_the_post_nearest_to_the_section(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(head="chief@koriyama"),
            row("chief@koriyama", section="総務部", start="2015-04-01"),
            row("chief@koriyama", section="総務部/人事課", start="2020-04-01"),
            row("chief@koriyama", section="財政課", start="2010-04-01"),
        ),
    )
    (headship,) = Headship.select()
    assert headship.appointment.section.path == "総務部/人事課"


def test_a_head_of_an_earlier_time_is_put_before_the_present_one(ctx: Context) -> None:
    import_people(
        ctx,
        file(
            row(head="b@koriyama"),
            row("a@koriyama", start="2018-04-01"),
            row("b@koriyama"),
        ),
    )
    import_people(ctx, file(row("old@koriyama", start="2020-04-01", head="a@koriyama")))
    assert heads("総務部/人事課") == [
        ("a@koriyama", date(2020, 4, 1), date(2026, 3, 31)),
        ("b@koriyama", date(2026, 4, 1), None),
    ]


# -- around it --


def test_each_municipality_where_something_changed_gets_an_audit_row(ctx: Context) -> None:
    other = row("staff@otama", municipality="073229", section="総務課")
    import_people(ctx, file(row(), other))
    import_people(ctx, file(row(name="職員二"), other))
    entries = list(AuditEntry.select().order_by(AuditEntry.id))
    codes = [Municipality.get_by_id(entry.municipality_id).code for entry in entries]
    assert codes == ["072036", "073229", "072036"]
    entry = entries[-1]
    details = json.loads(entry.details)
    assert (entry.actor, entry.action) == ("niwari directory import", "directory.import")
    assert (details["added"], details["changed"], details["ended"]) == (0, 1, 0)
    assert "職員" not in entry.details


def test_towns_are_locked_in_the_order_of_their_codes_whatever_their_ids(ctx: Context) -> None:
    register("011002")
    with transaction(ctx):
        assert list(lock_towns(["073229", "011002"])) == ["011002", "073229"]


def test_a_dry_run_reports_and_writes_nothing(ctx: Context) -> None:
    before = everything()
    assert import_people(ctx, file(row()), dry_run=True) == ImportReport(added=1)
    assert everything() == before


def test_the_number_of_queries_depends_on_chunks_alone(ctx: Context) -> None:
    def many(prefix: str, count: int, **cells: str) -> bytes:
        head = f"{prefix}0@koriyama"
        logins = (f"{prefix}{number}@koriyama" for number in range(count))
        return file(*(row(login, section="財政課", head=head, **cells) for login in logins))

    counted = []
    for prefix, count in (("a", 20), ("b", 2000)):
        for cells in ({}, {}, {"name": "職員二", "end": "2027-03-31"}):
            with counted_queries() as log:
                import_people(ctx, many(prefix, count, **cells))
            counted.append(len(log))
    few, many_rows = counted[:3], counted[3:]
    assert max(few) <= 15
    # People, posts and headships are each read and written in parts of CHUNK.
    more_parts = 2000 // CHUNK - 1
    assert all(large <= small + 6 * more_parts for small, large in zip(few, many_rows, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_imported_again_changes_nothing_and_nothing_overlaps(
    ctx: Context, seed: int
) -> None:
    chance = random.Random(seed)
    accepted = 0
    for _ in range(60):
        data = file(*(random_row(chance) for _ in range(chance.randint(1, 4))))
        try:
            import_people(ctx, data)
        except ImportRefused:
            continue
        accepted += 1
        again = import_people(ctx, data)
        assert (again.added, again.changed, again.ended) == (0, 0, 0)
        posts = list(Appointment.select())
        assert_apart([(post.person_id, post.section_id) for post in posts], posts)
        headships = list(Headship.select())
        assert_apart([headship.section_id for headship in headships], headships)
    assert accepted > 5


def random_row(chance: random.Random) -> str:
    """A line about one of a few people, sections, heads and days."""
    start = date(2026, 1, 1) + timedelta(days=30 * chance.randint(0, 11))
    end = chance.choice(["", "", str(start + timedelta(days=30 * chance.randint(0, 6)))])
    return row(
        f"p{chance.randint(0, 4)}@koriyama",
        municipality=chance.choice(["072036", "072036", "073229"]),
        section=chance.choice(["総務部", "総務部/人事課", "財政課"]),
        head=chance.choice(["", "p0@koriyama", "p1@koriyama"]),
        start=str(start),
        end=end,
    )


def assert_apart(keys: list[Any], rows: list[Any]) -> None:
    """No two dated rows with one key hold on the same day."""
    for (key, one), (other_key, other) in combinations(zip(keys, rows, strict=True), 2):
        if key == other_key:
            first, second = sorted((one, other), key=lambda row: row.starts_on)
            assert first.ends_on is not None
            assert first.ends_on < second.starts_on


# -- what a file may say besides: titles, ranks of stand-ins, clerks --


def with_more(*rows: tuple[str, str]) -> bytes:
    """A people.csv with the optional columns; each row is a good line and its further cells."""
    header = f"{HEADER},title,stand_in,clerk"
    return "\n".join([header, *(f"{line},{more}" for line, more in rows), ""]).encode()


def ranks() -> dict[str, tuple[str, int | None]]:
    """Title and rank by login."""
    found = Appointment.select(Appointment, Person).join(Person)
    return {row.person.login: (row.title, row.stand_in_order) for row in found}


def test_titles_and_ranks_come_with_the_file_and_stay_without_their_columns(ctx: Context) -> None:
    full = with_more((row(), "課長補佐,1,"), (row("two@koriyama"), "主事,,"))
    import_people(ctx, full)
    assert ranks() == {"staff@koriyama": ("課長補佐", 1), "two@koriyama": ("主事", None)}
    assert import_people(ctx, full) == ImportReport(unchanged=2)
    assert import_people(ctx, file(row())) == ImportReport(unchanged=1)
    assert ranks()["staff@koriyama"] == ("課長補佐", 1)


def test_an_empty_cell_takes_title_and_rank_away(ctx: Context) -> None:
    import_people(ctx, with_more((row(), "課長補佐,1,")))
    assert import_people(ctx, with_more((row(), ",,"))) == ImportReport(changed=1)
    assert ranks() == {"staff@koriyama": ("", None)}


def test_a_clerk_is_named_once_and_not_again_after_the_page_ended_it(ctx: Context) -> None:
    full = with_more((row(), ",,1"))
    import_people(ctx, full)
    clerk = Clerk.get()
    assert clerk.starts_on == date(2026, 4, 1)
    Clerk.update(ended_at=ctx.now).execute()
    assert import_people(ctx, full) == ImportReport(unchanged=1)
    assert import_people(ctx, with_more((row(), ",,"))) == ImportReport(unchanged=1)
    assert Clerk.select().count() == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("=HYPERLINK(),,", "title"),
        (f"{'長' * 41},,", "title"),
        (",0,", "stand_in"),
        (",-1,", "stand_in"),
        (",100,", "stand_in"),
        (",一,", "stand_in"),
        (",,2", "clerk"),
        (",,はい", "clerk"),
    ],
)
def test_a_bad_title_rank_or_clerk_is_refused_by_line(
    ctx: Context, cells: str, column: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        import_people(ctx, with_more((row(), cells)))
    assert [(bad.line, bad.column) for bad in caught.value.bad_lines] == [(2, column)]
    assert Appointment.select().count() == 0


# -- what cannot be together --


def test_heads_who_sit_in_each_others_sections_are_refused(ctx: Context) -> None:
    lines = (
        row("a@koriyama", section="甲課", head="b@koriyama"),
        row("b@koriyama", section="乙課", head="a@koriyama"),
    )
    assert [(line, column) for line, column, _ in refused(ctx, *lines)] == [
        (2, "head"),
        (3, "head"),
    ]


def test_a_head_who_sits_in_the_section_above_makes_no_circle(ctx: Context) -> None:
    lines = (
        row("a@koriyama", section="総務部/人事課", head="b@koriyama"),
        row("b@koriyama", section="総務部", head="b@koriyama"),
    )
    import_people(ctx, "\n".join((HEADER, *lines)).encode())
    assert Headship.select().count() == 2


def test_a_section_below_itself_is_refused(ctx: Context) -> None:
    found = refused(ctx, row(section="総務部/人事課/総務部"))
    assert [(line, column) for line, column, _ in found] == [(2, "section")]


def test_a_lost_zero_is_told_once_for_the_file(ctx: Context) -> None:
    lines = [row(f"n{n}@koriyama", municipality="72036") for n in range(5)]
    found = refused(ctx, *lines, row(municipality="7203"))
    assert [(line, column) for line, column, _ in found] == [
        (2, "municipality"),
        (7, "municipality"),
    ]
