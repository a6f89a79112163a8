"""HR's word that the rules are the town's own: who may give it, what it changes, what it costs."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from niwari.api import NotFound
from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari_leave_cafe.models import Confirmation
from niwari_leave_cafe.service import in_force
from niwari_leave_cafe.service.in_force import RulesChanged
from tests.leave_cafe.conftest import rules_of

NOTICE = "郡山広域圏の見本です。人事担当課に必ずご確認ください。"
RULES = "/leave-cafe/rules"


def confirm(client: Any) -> Any:
    fingerprint = rules_of().version.fingerprint
    return client.submit(f"{RULES}/confirm", {"fingerprint": fingerprint}, form_at=RULES)


def page_of(client: Any, address: str = RULES) -> str:
    return str(client.get(address).get_data(as_text=True))


def test_hr_confirms_and_the_warning_is_gone_from_page_paper_and_calendar(
    client_for: Any, dates_form: Any
) -> None:
    hr = client_for("hr@koriyama")
    assert NOTICE in page_of(hr)
    assert confirm(hr).status_code == 303
    shown = page_of(hr)
    assert NOTICE not in shown
    assert "11月10日（火）9:00" in shown
    client = client_for("staff@koriyama")
    for address in ("/leave-cafe/", "/leave-cafe/calendar", "/leave-cafe/paper"):
        answer = client.submit(address, dates_form(), form_at="/leave-cafe/")
        assert answer.status_code == 200
        file = answer.get_data(as_text=True).replace("\r\n ", "")
        assert "郡山広域圏の見本です。" not in file


def test_it_is_the_own_town_alone(client_for: Any) -> None:
    confirm(client_for("hr@koriyama"))
    assert NOTICE in page_of(client_for("staff@sukagawa"))
    assert NOTICE in page_of(client_for("staff@miharu"), "/leave-cafe/")


@pytest.mark.parametrize("login", ["staff@koriyama", "head@koriyama", "it@koriyama"])
def test_nobody_but_hr_confirms(client_for: Any, login: str) -> None:
    client = client_for(login)
    assert "この規程を確認した" not in page_of(client)
    for act in ("confirm", "take-back"):
        answer = client.submit(f"{RULES}/{act}", {}, form_at="/leave-cafe/")
        assert answer.status_code == 403


def test_who_confirmed_and_when_is_in_the_audit(ctx_for: Any) -> None:
    ctx = ctx_for("hr@koriyama")
    in_force.confirm(ctx, rules_of().version.fingerprint)
    in_force.take_back(ctx)
    acts = [
        (row.action, json.loads(row.details))
        for row in AuditEntry.select()
        .where(AuditEntry.object_kind == "leave_cafe.confirmation")
        .order_by(AuditEntry.id)
    ]
    assert [act for act, _details in acts] == ["leave_cafe.confirm", "leave_cafe.take_back"]
    assert all(details == {"pack": "region", "version": "2025.10"} for _act, details in acts)


def test_confirming_twice_changes_nothing(ctx_for: Any) -> None:
    ctx = ctx_for("hr@koriyama")
    in_force.confirm(ctx, rules_of().version.fingerprint)
    first = Confirmation.get()
    in_force.confirm(ctx, rules_of().version.fingerprint)
    assert Confirmation.get().id == first.id
    assert AuditEntry.select().where(AuditEntry.action == "leave_cafe.confirm").count() == 1


def test_clicks_at_the_same_moment_are_one_confirmation(ctx_for: Any) -> None:
    ctx, fingerprint = ctx_for("hr@koriyama"), rules_of().version.fingerprint

    def click(_number: int) -> None:
        with connection():
            in_force.confirm(ctx, fingerprint)

    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(click, range(8)))
    with connection():
        assert Confirmation.select().count() == 1


def test_rules_that_changed_meanwhile_are_not_confirmed(client_for: Any, world: Any) -> None:
    hr = client_for("hr@koriyama")
    fingerprint = rules_of().version.fingerprint
    token = hr.token_at(RULES)
    world.set_settings("it@koriyama", "leave_cafe", pack="law")
    answer = hr.post(f"{RULES}/confirm", data={"csrf_token": token, "fingerprint": fingerprint})
    assert answer.status_code == 409
    assert "規程が変わりました。" in answer.get_data(as_text=True)
    with connection():
        assert Confirmation.select().count() == 0


def test_a_confirmation_is_of_one_version_alone(ctx_for: Any, world: Any) -> None:
    ctx = ctx_for("hr@koriyama")
    in_force.confirm(ctx, rules_of().version.fingerprint)
    assert in_force.rules_of_town(ctx).is_confirmed
    world.set_settings("it@koriyama", "leave_cafe", pack="law")
    assert not in_force.rules_of_town(ctx_for("hr@koriyama")).is_confirmed
    Confirmation.update(fingerprint="0" * 64).execute()
    world.set_settings("it@koriyama", "leave_cafe", pack="region")
    assert not in_force.rules_of_town(ctx_for("hr@koriyama")).is_confirmed


def test_an_unknown_fingerprint_is_refused(ctx_for: Any) -> None:
    with pytest.raises(RulesChanged):
        in_force.confirm(ctx_for("hr@koriyama"), "x")


def test_where_it_is_off_nothing_is_confirmed(ctx_for: Any, world: Any) -> None:
    ctx = ctx_for("hr@koriyama")
    world.switch("072036", "leave_cafe", on=False)
    with pytest.raises(NotFound):
        in_force.confirm(ctx, rules_of().version.fingerprint)


def test_the_page_of_rules_shows_words_and_says_where_there_are_none(client_for: Any) -> None:
    page = page_of(client_for("staff@koriyama"))
    assert "使用者は、産後八週間を経過しない女性を就業させてはならない。" in page
    assert "条文は載せていません。市町村ごとに違うためです。" in page
    assert "2026年11月26日（木）" in page
