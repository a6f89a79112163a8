"""自分のデータ and 職員のデータ: handed out as one file, and erased with receipts."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from niwari.admin.upgrading import note_plugins
from niwari.audit.models import AuditEntry
from niwari.directory.models import Appointment, Person
from niwari.host.discovery import Found
from niwari.host.loaded import Plugin
from niwari.host.models import PersonSetting
from niwari.stewardship.keepers import Keeper, keepers
from niwari.stewardship.models import Erasure
from niwari.testing.world import World
from niwari_consult.models import Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain

HR, STAFF, NEIGHBOURS_HR = "hr@koriyama", "staff4@koriyama", "head@sukagawa"


def ask(world: World, login: str, title: str) -> int:
    ctx = world.ctx_for(login)
    text = Plain("通勤手当の<b>締切</b>を知りたいです。")
    asked = posting.ask(
        ctx, topic="other", title=title, text=text, audience="region", form_key=str(uuid4())
    )
    return int(asked.id)


def person_id(world: World, login: str) -> int:
    found = Person.get(Person.login == login)
    return int(found.id)


def leave(world: World, login: str) -> int:
    """Let somebody's posts end yesterday; returns the person's id."""
    found, ctx = person_id(world, login), world.ctx_for(login)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.person == found
    ).execute()
    return found


def files(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.get_data())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def erase(world: World, whom: int, **sent: str) -> Any:
    page = f"/stewardship/people/{whom}"
    client = world.client_for(HR)
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', client.get(page).text)
    data = {"confirm": STAFF, "form_key": key[1] if key else str(uuid4()), **sent}
    return client.submit(f"{page}/erase", data, form_at=page)


def test_everybody_takes_what_is_kept_of_them_in_one_file(world: World) -> None:
    mine, others = ask(world, STAFF, "わたしの相談"), ask(world, "staff2@koriyama", "他人の相談")
    found = files(world.client_for(STAFF).submit("/stewardship/mine", {}))
    rows = [json.loads(line) for line in found["consult.jsonl"].splitlines()]
    assert [row["id"] for row in rows] == [mine]
    assert mine != others
    assert "わたしの相談" in found["index.html"]
    assert "他人の相談" not in "".join(found.values())
    assert json.loads(found["directory.jsonl"].splitlines()[0])["kind"].startswith("directory.")


def test_what_somebody_wrote_is_no_markup_of_the_page(world: World) -> None:
    ask(world, STAFF, "<script>alert(1)</script>")
    page = files(world.client_for(STAFF).submit("/stewardship/mine", {}))["index.html"]
    assert "<script>" not in page
    assert "&lt;b&gt;締切" in page


def test_hr_takes_the_file_of_somebody_of_the_town_and_the_audit_says_so(world: World) -> None:
    ask(world, STAFF, "わたしの相談")
    whom = person_id(world, STAFF)
    client = world.client_for(HR)
    assert client.get(f"/stewardship/people?login={STAFF}").location.endswith(f"/people/{whom}")
    page = f"/stewardship/people/{whom}"
    assert "わたしの相談" in files(client.submit(f"{page}/file", {}, form_at=page))["index.html"]
    noted = AuditEntry.get(AuditEntry.action == "stewardship.hand_out")
    assert (noted.object_id, noted.actor_id) == (whom, world.ctx_for(HR).acting.id)
    inbox = world.client_for(STAFF).get("/notices/").text
    assert "人事担当が、にわりに保存されているあなたのデータを書き出しました。" in inbox


def test_whoever_takes_their_own_is_not_told_of_it(world: World) -> None:
    world.client_for(STAFF).submit("/stewardship/mine", {})
    assert "書き出しました。" not in world.client_for(STAFF).get("/notices/").text


def test_files_are_made_for_so_many_an_hour(world: World) -> None:
    client = world.client_for(STAFF)
    found = [client.submit("/stewardship/mine", {}).status_code for _ in range(21)]
    assert (found[0], found[19], found[20]) == (200, 200, 429)


def test_a_stopped_plugin_is_named_in_the_file_and_the_rest_is_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(subject: object) -> None:
        raise RuntimeError(f"no rows of {subject}")

    monkeypatch.setattr("niwari_consult.service.subjects.records", fails)
    found = files(world.client_for(STAFF).submit("/stewardship/mine", {}))
    assert "今は書き出せませんでした" in found["index.html"]
    assert "consult.jsonl" not in found
    assert "directory.jsonl" in found


def test_whoever_never_was_here_is_not_found(world: World) -> None:
    client = world.client_for(HR)
    answer = client.get("/stewardship/people?login=staff@sukagawa")
    assert answer.status_code == 422
    assert "この市町村に所属したことがありません。" in answer.text
    other = person_id(world, "staff@sukagawa")
    assert client.get(f"/stewardship/people/{other}").status_code == 404


def test_who_still_has_a_post_is_not_erased(world: World) -> None:
    mine = ask(world, STAFF, "わたしの相談")
    whom = person_id(world, STAFF)
    answer = erase(world, whom)
    assert answer.status_code == 422
    assert "所属がすべて終わったあとです" in answer.text
    assert Question.get_by_id(mine).title == "わたしの相談"
    assert Erasure.select().count() == 0


def test_without_the_right_login_nothing_is_erased(world: World) -> None:
    mine, whom = ask(world, STAFF, "わたしの相談"), leave(world, STAFF)
    answer = erase(world, whom, confirm="staff3@koriyama")
    assert answer.status_code == 422
    assert f"消す職員のアカウント（{STAFF}）" in answer.text
    assert 'value="staff3@koriyama"' in answer.text
    assert Question.get_or_none(Question.id == mine) is not None
    assert Erasure.select().count() == 0


def test_who_has_left_is_erased_everywhere_and_the_receipts_say_what_became_of_it(
    world: World,
) -> None:
    mine, whom = ask(world, STAFF, "わたしの相談"), leave(world, STAFF)
    assert erase(world, whom).status_code == 303
    assert Question.get_or_none(Question.id == mine) is None
    receipts = {row.plugin: row for row in Erasure.select()}
    assert receipts["consult"].erased == 1
    assert {row.person_id for row in receipts.values()} == {whom}
    page = world.client_for(HR).get(f"/stewardship/people/{whom}").text
    assert "氏名を消した職員のデータ" in page
    assert receipts["directory"].reason_ja in page
    assert Person.get_by_id(whom).name == "—"


def test_the_same_form_sent_twice_erases_once(world: World) -> None:
    ask(world, STAFF, "わたしの相談")
    whom, key = leave(world, STAFF), str(uuid4())
    assert [erase(world, whom, form_key=key).status_code for _ in range(2)] == [303, 303]
    plugins = [row.plugin for row in Erasure.select()]
    assert len(plugins) == len(set(plugins))
    assert AuditEntry.select().where(AuditEntry.action == "stewardship.erase").count() == 1


def test_a_failing_plugin_stops_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, whom = ask(world, STAFF, "わたしの相談"), leave(world, STAFF)
    key = str(uuid4())

    def fails(subject: object) -> None:
        raise RuntimeError(f"not {subject}")

    with monkeypatch.context() as broken:
        broken.setattr("niwari_consult.service.subjects.erase", fails)
        erase(world, whom, form_key=key)
    failed = [row.plugin for row in Erasure.select() if row.failed]
    assert failed == ["consult"]
    assert Question.get_or_none(Question.id == mine) is not None
    assert (
        "この機能の不具合のため、消せませんでした"
        in world.client_for(HR).get(f"/stewardship/people/{whom}").text
    )
    assert erase(world, whom, form_key=key).status_code == 303
    assert Question.get_or_none(Question.id == mine) is None


def test_a_plugin_that_has_stopped_is_named_and_nothing_of_it_is_called_erased(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, whom = ask(world, STAFF, "わたしの相談"), leave(world, STAFF)
    plugin = world.host.plugins["consult"]
    for name in ("error", "raised", "contributions"):  # the plugin is that of the whole run
        monkeypatch.setattr(plugin, name, getattr(plugin, name))
    plugin.stop("ImportError: no", raised=True)
    page = f"/stewardship/people/{whom}"
    client = world.client_for(HR)
    found = files(client.submit(f"{page}/file", {}, form_at=page))
    assert "今は書き出せませんでした" in found["index.html"]
    assert erase(world, whom).status_code == 303
    assert [row.plugin for row in Erasure.select() if row.failed] == ["consult"]
    assert Question.get_by_id(mine).title == "わたしの相談"
    assert "この機能の不具合のため、消せませんでした" in client.get(page).text


def test_a_plugin_whose_package_is_gone_is_named_by_what_was_noted_of_it(
    crashers: World,
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
) -> None:
    note_plugins(crashers.dispatcher)
    world = open_world([trial_plugins["neighbour"]])
    # Consult's package is not there either, and it was never noted.
    gone = [Keeper("consult", "consult"), Keeper("crasher", "こわれもの")]
    assert keepers(world.dispatcher, "ja")[:2] == gone
    whom = leave(world, STAFF)
    page = f"/stewardship/people/{whom}"
    found = files(world.client_for(HR).submit(f"{page}/file", {}, form_at=page))
    assert "<h2>こわれもの</h2><p>今は書き出せませんでした" in found["index.html"]
    erase(world, whom)
    assert {"consult", "crasher"} <= {row.plugin for row in Erasure.select() if row.failed}


def test_a_plugin_that_stopped_before_it_kept_anything_is_not_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Plugin("fresh", "niwari_fresh")
    new.stop("ImportError: no")
    monkeypatch.setitem(world.host.plugins, "fresh", new)
    assert "fresh" not in [one.name for one in keepers(world.dispatcher, "ja")]


def test_what_somebody_set_is_in_the_file_once(world: World) -> None:
    for plugin in ("consult", "gone"):
        PersonSetting.create(
            person_id=person_id(world, STAFF), plugin=plugin, key="sign", value=f'"{plugin}の設定"'
        )
    found = files(world.client_for(STAFF).submit("/stewardship/mine", {}))
    lines = {name: text for name, text in found.items() if name.endswith(".jsonl")}
    assert {name: text.count("の設定") for name, text in lines.items() if "の設定" in text} == {
        "consult.jsonl": 1,
        "stewardship.jsonl": 1,
    }


def test_receipts_are_those_of_the_own_town(world: World) -> None:
    whom = leave(world, STAFF)
    erase(world, whom)
    Appointment.update(municipality=world.ctx_for("staff@sukagawa").municipality.id).where(
        Appointment.person == whom
    ).execute()
    assert world.client_for(HR).get(f"/stewardship/people/{whom}").status_code == 404


def test_what_somebody_set_stays_and_is_not_handed_out_where_they_moved_to_another_town(
    world: World,
) -> None:
    there = world.ctx_for("staff@sukagawa")
    whom = leave(world, STAFF)
    Appointment.create(
        person=whom,
        municipality=there.municipality.id,
        section=there.acting.section_id,
        employment="full_time",
        starts_on=there.today,
    )
    PersonSetting.create(person_id=whom, plugin="consult", key="sign", value='"わたしの設定"')
    page = f"/stewardship/people/{whom}"
    client = world.client_for(HR)
    assert "わたしの設定" not in str(files(client.submit(f"{page}/file", {}, form_at=page)))
    assert erase(world, whom).status_code == 303
    assert PersonSetting.select().where(PersonSetting.person_id == whom).count() == 1


def test_the_key_of_anothers_form_confirms_nothing(world: World) -> None:
    key, other = str(uuid4()), "staff3@koriyama"
    erase(world, leave(world, STAFF), form_key=key)
    answer = erase(world, leave(world, other), confirm="wrong", form_key=key)
    assert answer.status_code == 422
    assert Person.get(Person.login == other).name != "—"
    assert erase(world, person_id(world, other), confirm=other, form_key=key).status_code == 303
    assert Person.get_or_none(Person.login == other) is None
