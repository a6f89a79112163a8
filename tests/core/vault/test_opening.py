"""Opening one envelope: two different officials, a reason, an author who is told, nothing that betrays."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from niwari.audit.models import AuditEntry, AuditValue
from niwari.audit.sealing import seal_all
from niwari.audit.values import changes, erase_values
from niwari.db import transaction
from niwari.directory.every import municipality_ids
from niwari.directory.models import Appointment, Person
from niwari.directory.municipalities import merge_municipality
from niwari.errors import NotFound
from niwari.identity.providers import changes as provider_changes
from niwari.identity.roles.grants import grant_role
from niwari.keyring import keyring
from niwari.testing.world import MIHARU, SUKAGAWA
from niwari.vault import opening, reading
from niwari.vault.hidden_rows import NoSuchRow, NotHidden
from niwari.vault.making import reseal
from niwari.vault.models import Locker, Opening
from niwari.vault.officials import name_official, want_other_towns, withdraw_official
from niwari.vault.opening import agree, author, shut
from niwari.vault.reading import openings, told
from niwari.vault.refusals import (
    AskerGone,
    Expired,
    ItAlone,
    KeyLost,
    NoReason,
    NotOpen,
    OpenedAlready,
    SamePerson,
    SameProvider,
    SameTown,
    ShownAlready,
    TooFew,
)
from niwari.vault.shelves import names_of
from tests.core.identity.rogue import ISSUER, Rogue, give_post, town_id

from .conftest import dump
from .openings import (
    AUTHOR,
    FIRST,
    KIND,
    NOBODY,
    SECOND,
    SECRETARIAT,
    THIRD,
    WHY,
    Office,
    name,
    whisper,
)


def withdraw(office: Office, login: str) -> None:
    withdraw_official(office.ctx(SECRETARIAT), office.ctx(login).acting.id)


def lose_keys(office: Office) -> None:
    """Let the ring hold another key than the one with which everything was sealed."""
    (path,) = (office.world.settings.home / "keys" / "ring").glob("*.key")
    path.rename(path.with_name("lost"))
    keyring().make_first()


def acts(action: str) -> list[AuditEntry]:
    return list(AuditEntry.select().where(AuditEntry.action == action).order_by(AuditEntry.id))


def test_two_officials_learn_the_author_and_the_author_learns_of_it(office: Office) -> None:
    opened = office.opened()
    for login in (FIRST, SECOND):
        found = author(office.ctx(login), opened)
        assert (found.name, found.posts) == ("職員四", (("三春町", "総務課"),))
    (news,) = told(office.ctx(AUTHOR)).shown
    assert news.agreed is not None
    assert (news.asked.name, news.asked.municipality, news.reason) == ("所属長一", "郡山市", WHY)
    assert (news.agreed.name, news.agreed.municipality) == ("所属長二", "須賀川市")
    assert news.agreed.at == office.ctx(AUTHOR).now


def test_nobody_but_the_author_is_told(office: Office) -> None:
    office.opened()
    for login in (FIRST, SECOND, THIRD, NOBODY, SECRETARIAT, "head@miharu"):
        assert told(office.ctx(login)).shown == ()


def test_the_audit_says_who_opened_what_and_why_in_both_towns_and_never_whose(
    office: Office,
) -> None:
    opened = office.opened()
    author(office.ctx(SECOND), opened)
    first, second = office.ctx(FIRST), office.ctx(SECOND)
    towns = {second.municipality.id, office.ctx(AUTHOR).municipality.id}
    entries = acts("vault.open")
    assert {entry.municipality_id for entry in entries} == towns
    for entry in entries:
        assert (entry.actor_id, entry.object_kind, entry.object_id) == (
            second.acting.id,
            KIND,
            office.row,
        )
        assert json.loads(entry.details) == {"opening": opened, "asked_by": first.acting.id}
        assert changes([entry.id])[entry.id].after == {"reason": WHY}
    assert {entry.actor_id for entry in acts("vault.show_author")} == {second.acting.id}
    seal_all(municipality_ids(), office.world.clock())


def test_the_reason_in_the_audit_goes_with_whoever_asked(office: Office) -> None:
    office.opened()
    first = office.ctx(FIRST)
    entries = [entry.id for entry in acts("vault.ask_opening") + acts("vault.open")]
    assert len(entries) == 4
    assert all(changes(entries)[entry].after == {"reason": WHY} for entry in entries)
    with transaction(first):
        erase_values(first.person_id, "vault")
    assert not AuditValue.select().where(AuditValue.id << entries).exists()


def test_a_copy_of_the_database_does_not_tell_the_author(office: Office) -> None:
    before = dump()
    opened = office.opened()
    for login in (FIRST, SECOND):
        author(office.ctx(login), opened)
    ctx = office.ctx(AUTHOR)
    telling = {str(ctx.person_id), str(ctx.acting.id), ctx.acting.person_name, AUTHOR}
    new = {
        table: [row for row in rows if row not in before[table]]
        for table, rows in dump().items()
        if table.startswith(("vault_", "audit_", "events_", "whisper_"))
    }
    assert {table for table, rows in new.items() if rows} == {
        "vault_opening",
        "vault_locker",
        "audit_entry",
        "audit_value",
    }
    (row,) = new["vault_opening"]
    known = {"region_id", "municipality_id", "row_id", "id", "asked_by_id", "agreed_by_id"}
    assert not telling & {value for column, value in row.items() if column not in known}
    assert not telling & {row["asked_by_id"], row["agreed_by_id"]}
    texts = json.dumps(new, ensure_ascii=False)
    assert ctx.acting.person_name not in texts
    assert AUTHOR not in texts
    # A whole shelf was sealed anew: the author's locker is one of sixteen.
    lockers = {row["id"] for row in new["vault_locker"]}
    assert names_of(ctx.person_id)[0] in lockers
    assert len(lockers) == 16


def test_no_log_names_the_author(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        opened = office.opened()
        author(office.ctx(FIRST), opened)
    assert "職員四" not in caplog.text
    assert AUTHOR not in caplog.text


def test_a_second_click_opens_once(office: Office) -> None:
    asked = office.ask()
    assert [agree(office.ctx(SECOND), asked) for _ in range(2)] == [True, False]
    assert len(acts("vault.open")) == 2
    assert len(told(office.ctx(AUTHOR)).shown) == 1


def test_the_form_sent_twice_is_one_request(office: Office) -> None:
    ctx = office.ctx(FIRST)
    ids = {opening.ask(ctx, KIND, office.row, WHY, "one-key") for _ in range(2)}
    assert (len(ids), Opening.select().count(), len(acts("vault.ask_opening"))) == (1, 1, 2)
    with pytest.raises(NotFound):
        opening.ask(office.ctx(SECOND), KIND, office.row, WHY, "one-key")


def test_whoever_asked_does_not_agree(office: Office) -> None:
    with pytest.raises(SamePerson):
        agree(office.ctx(FIRST), office.ask())
    assert told(office.ctx(AUTHOR)).shown == ()


def test_nor_in_another_of_their_posts(office: Office) -> None:
    world, asker = office.world, office.ctx("staff5@koriyama")
    other = Appointment.get(
        (Appointment.person == asker.person_id) & (Appointment.id != asker.acting.id)
    )
    name(world, "staff5@koriyama")
    name_official(world.ctx_for(SECRETARIAT), other.id, "輪番のため")
    asked = office.ask("staff5@koriyama")
    with pytest.raises(SamePerson):
        agree(replace(asker, appointment=replace(asker.acting, id=other.id)), asked)


def test_a_third_official_comes_too_late(office: Office) -> None:
    opened = office.opened()
    with pytest.raises(OpenedAlready):
        agree(office.ctx(THIRD), opened)
    with pytest.raises(NotFound):
        author(office.ctx(THIRD), opened)


@pytest.mark.parametrize("login", [NOBODY, SECRETARIAT, "it@koriyama", AUTHOR])
def test_for_who_is_no_official_there_is_nothing(office: Office, login: str) -> None:
    opened, ctx = office.opened(), office.ctx(login)
    for act in (agree, author):
        with pytest.raises(NotFound):
            act(ctx, opened)
    with pytest.raises(NotFound):
        openings(ctx)
    with pytest.raises(NotFound):
        office.ask(login)


def test_a_withdrawn_official_neither_asks_agrees_nor_sees(office: Office) -> None:
    opened, asked = office.opened(), office.ask(THIRD)
    withdraw(office, SECOND)
    for act in (agree, author):
        with pytest.raises(NotFound):
            act(office.ctx(SECOND), opened if act is author else asked)
    with pytest.raises(NotFound):
        office.ask(SECOND)


def test_what_a_withdrawn_official_asked_for_is_not_agreed_to(office: Office) -> None:
    asked = office.ask()
    withdraw(office, FIRST)
    with pytest.raises(AskerGone):
        agree(office.ctx(SECOND), asked)


def test_nor_what_somebody_asked_for_who_has_left(office: Office) -> None:
    asked, ctx = office.ask(), office.ctx(FIRST)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == ctx.acting.id
    ).execute()
    with pytest.raises(AskerGone):
        agree(office.ctx(SECOND), asked)


def test_after_seven_days_nobody_agrees_any_more(office: Office) -> None:
    asked = office.ask()
    office.world.clock.advance(days=7)
    with pytest.raises(Expired):
        agree(office.ctx(SECOND), asked)
    assert openings(office.ctx(SECOND)).shown[0].state == "expired"


def test_a_row_of_another_region_is_not_found(office: Office, apart: str) -> None:
    theirs = whisper(office.world, apart)
    with pytest.raises(NoSuchRow):
        office.ask(row=theirs)


def test_a_request_of_another_region_is_not_found(office: Office, apart: str) -> None:
    asked = office.ask(row=whisper(office.world, "staff@sukagawa"))
    world, own = office.world, office.ctx(apart).acting.id
    grant_role(world.system_context(), office.ctx("head@miharu").acting.id, "secretariat")
    name_official(office.ctx("head@miharu"), own, "輪番のため")
    with pytest.raises(NotFound):
        agree(office.ctx(apart), asked)
    assert openings(office.ctx(apart)).shown == []


@pytest.mark.parametrize(("kind", "row"), [(KIND, 9999), ("consult.question", 1), ("nothing.x", 1)])
def test_what_is_not_there_is_not_asked_for(office: Office, kind: str, row: int) -> None:
    with pytest.raises(NoSuchRow):
        opening.ask(office.ctx(FIRST), kind, row, WHY, "a-key")


def test_a_row_whose_author_is_not_hidden_has_nothing_to_open(office: Office) -> None:
    with pytest.raises(NotHidden):
        office.ask(row=whisper(office.world, AUTHOR, hidden=False))


@pytest.mark.parametrize("why", ["", "短い", "あ" * 1001, "          短い          "])
def test_a_reason_is_written_that_others_can_judge(office: Office, why: str) -> None:
    with pytest.raises(NoReason):
        office.ask(why=why)


def test_one_official_alone_asks_for_nothing(office: Office) -> None:
    withdraw(office, SECOND)
    withdraw(office, THIRD)
    with pytest.raises(TooFew):
        office.ask()


def test_an_envelope_whose_key_is_lost_stays_shut(office: Office) -> None:
    asked = office.ask()
    lose_keys(office)
    with pytest.raises(KeyLost):
        agree(office.ctx(SECOND), asked)
    assert Opening.get_by_id(asked).agreed_at is None
    assert acts("vault.open") == []


def test_an_envelope_that_was_put_into_another_row_stays_shut(office: Office) -> None:
    from niwari_whisper.models import Whisper

    other = whisper(office.world, "staff@sukagawa")
    sealed = Whisper.get_by_id(other).envelope
    Whisper.update(envelope=sealed).where(Whisper.id == office.row).execute()
    asked = office.ask()
    with pytest.raises(KeyLost):
        agree(office.ctx(SECOND), asked)


def test_where_the_author_cannot_be_told_nothing_is_opened(office: Office) -> None:
    asked = office.ask()
    names = list(names_of(office.ctx(AUTHOR).person_id))
    Locker.update(sealed="changed").where(Locker.id << names).execute()
    with pytest.raises(KeyLost):
        agree(office.ctx(SECOND), asked)
    assert Opening.get_by_id(asked).sealed_author == ""


def test_a_row_that_went_before_it_was_agreed_to_is_not_opened(office: Office) -> None:
    from niwari_whisper.models import Whisper

    asked = office.ask()
    Whisper.delete().execute()
    with pytest.raises(NoSuchRow):
        agree(office.ctx(SECOND), asked)


def test_two_officials_of_municipal_it_are_not_enough(office: Office) -> None:
    system = office.world.system_context()
    for login in (FIRST, SECOND):
        grant_role(system, office.ctx(login).acting.id, "it")
    want_other_towns(office.ctx(SECRETARIAT), wanted=False)
    asked = office.ask()
    with pytest.raises(ItAlone):
        agree(office.ctx(SECOND), asked)
    assert agree(office.ctx(THIRD), asked)


def test_two_officials_of_one_town_are_not_enough(office: Office) -> None:
    asked = office.ask()
    with pytest.raises(SameTown):
        agree(office.ctx(THIRD), asked)
    assert agree(office.ctx(SECOND), asked)


def test_a_region_may_say_that_they_are(office: Office) -> None:
    want_other_towns(office.ctx(SECRETARIAT), wanted=False)
    assert agree(office.ctx(THIRD), office.ask())


def test_one_provider_does_not_speak_for_both_where_there_are_several(office: Office) -> None:
    asked = office.ask()
    rogue = Rogue.of(office.world)
    with pytest.raises(SameProvider):
        agree(office.ctx(SECOND), asked)
    assert told(office.ctx(AUTHOR)).shown == ()
    assert agree(replace(office.ctx(SECOND), issuer=ISSUER), asked)
    assert Opening.get_by_id(asked).asker_issuer == office.world.issuer != ISSUER
    again = office.ask()
    provider_changes.set_active(office.world.system_context(), rogue.id, active=False)
    assert agree(office.ctx(SECOND), again)


def test_a_provider_of_another_region_is_none_of_the_several(office: Office, apart: str) -> None:
    asked = office.ask(row=whisper(office.world, NOBODY))
    Rogue.of(office.world)
    assert agree(office.ctx(SECOND), asked)


def test_the_provider_of_a_merged_town_is_one_of_the_several(office: Office) -> None:
    asked = office.ask(row=whisper(office.world, NOBODY))
    Rogue.of(office.world)
    world, today = office.world, office.ctx(FIRST).today
    Appointment.update(ends_on=today - timedelta(days=1)).where(
        Appointment.municipality == town_id(MIHARU)
    ).execute()
    merge_municipality(world.system_context(), MIHARU, SUKAGAWA, today)
    with pytest.raises(SameProvider):
        agree(office.ctx(SECOND), asked)


def test_an_author_who_moved_is_told_that_it_was_and_no_more(office: Office) -> None:
    row, login = whisper(office.world, NOBODY), NOBODY
    agree(office.ctx(SECOND), office.ask(row=row))
    rogue = Rogue.of(office.world)
    there = rogue.ctx(login, give_post(office.world, login, MIHARU))
    found = told(there)
    assert (found.shown, found.elsewhere, bool(found)) == ((), True, True)
    here = told(office.ctx(login))
    assert ([one.row_id for one in here.shown], here.elsewhere) == ([row], False)
    office.world.clock.advance(days=91)
    assert not told(there.at(office.world.clock()), news=True)
    assert told(there.at(office.world.clock())).elsewhere


def test_nobody_sees_an_author_before_it_was_agreed_to(office: Office) -> None:
    with pytest.raises(NotOpen):
        author(office.ctx(FIRST), office.ask())


def test_each_of_the_two_looks_once_and_a_reload_is_the_same_look(office: Office) -> None:
    opened = office.opened()
    author(office.ctx(FIRST), opened)
    office.world.clock.advance(minutes=4)
    assert author(office.ctx(FIRST), opened).name == "職員四"
    office.world.clock.advance(minutes=2)
    with pytest.raises(ShownAlready):
        author(office.ctx(FIRST), opened)
    assert author(office.ctx(SECOND), opened).name == "職員四"


def test_after_fourteen_days_nobody_looks_any_more(office: Office) -> None:
    opened = office.opened()
    office.world.clock.advance(days=14, minutes=1)
    with pytest.raises(ShownAlready):
        author(office.ctx(FIRST), opened)


def test_the_sealed_author_goes_once_both_have_seen_it(office: Office) -> None:
    opened = office.opened()
    author(office.ctx(FIRST), opened)
    author(office.ctx(SECOND), opened)
    assert shut(office.world.system_context()) == 0
    office.world.clock.advance(minutes=6)
    assert shut(office.world.system_context()) == 1
    assert Opening.get_by_id(opened).sealed_author == ""
    assert shut(office.world.system_context()) == 0


def test_the_sealed_author_goes_after_fourteen_days_also_where_nobody_looked(
    office: Office,
) -> None:
    opened = office.opened()
    office.world.clock.advance(days=14, minutes=1)
    assert shut(office.world.system_context()) == 1
    assert Opening.get_by_id(opened).sealed_author == ""


def test_the_author_is_told_also_after_a_new_key(office: Office) -> None:
    office.opened()
    keyring().rotate()
    reseal(office.world.system_context())
    assert len(told(office.ctx(AUTHOR)).shown) == 1


def test_an_author_whose_name_was_erased_shows_no_name(office: Office) -> None:
    opened = office.opened()
    Person.update(name="—").where(Person.id == office.ctx(AUTHOR).person_id).execute()
    assert author(office.ctx(FIRST), opened).name == "—"


def test_an_author_who_is_one_of_the_two_is_treated_like_any_other(office: Office) -> None:
    row = whisper(office.world, SECOND)
    asked = office.ask(row=row)
    assert agree(office.ctx(SECOND), asked)
    assert len(told(office.ctx(SECOND)).shown) == 1


def test_an_opening_of_long_ago_is_no_news(office: Office) -> None:
    office.opened()
    assert len(told(office.ctx(AUTHOR), news=True).shown) == 1
    office.world.clock.advance(days=91)
    assert told(office.ctx(AUTHOR), news=True).shown == []
    assert len(told(office.ctx(AUTHOR)).shown) == 1


def test_lists_go_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [office.ask() for _ in range(3)]
    monkeypatch.setattr(reading, "PAGE", 2)
    first = openings(office.ctx(SECOND))
    assert [one.id for one in first.shown] == [asked[2], asked[1]]
    last = openings(office.ctx(SECOND), first.following)
    assert ([one.id for one in last.shown], last.following) == ([asked[0]], None)
