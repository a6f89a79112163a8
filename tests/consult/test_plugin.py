"""What consult contributes, as the host took it."""

from typing import Any

from niwari_consult.topics import TOPICS


def test_the_host_has_taken_it(world: Any) -> None:
    plugin = world.host.plugins["consult"]
    assert plugin.error == ""
    assert world.host.is_ready("consult")
    assert plugin.manifest.verb == "help"
    (activity,) = plugin.contributions.activities
    assert (activity.code, activity.counts, activity.discreet) == ("consult", True, True)


def test_what_tells_one_person_of_their_own_answer_goes_to_no_chat(world: Any) -> None:
    kinds = world.host.plugins["consult"].contributions.notices
    assert {kind.code: kind.to_chat for kind in kinds} == {
        "consult.asked": False,
        "consult.answered": True,
        "consult.accepted": False,
    }


def test_everybody_may_read_ask_and_answer(ctx_for: Any) -> None:
    for login in ("staff@koriyama", "head@koriyama", "hr@koriyama", "it@koriyama", "secretariat"):
        ctx = ctx_for(login)
        for act in ("read", "ask", "answer"):
            assert ctx.may(f"consult.{act}")


def test_whoever_is_not_signed_in_is_sent_to_sign_in(world: Any) -> None:
    browser = {"Accept": "text/html"}
    for address in ("/consult/", "/consult/ask", "/consult/1"):
        answered = world.anonymous().get(address, headers=browser)
        assert answered.status_code == 302
        assert "next=" in answered.location


def test_what_changes_something_needs_the_token_of_its_page(client_for: Any, ask: Any) -> None:
    question = ask("staff@koriyama")
    client = client_for("staff@koriyama")
    for address in ("ask", f"{question}/answers", f"accept?question_id={question}&answer_id=1"):
        assert client.post(f"/consult/{address}", data={"body": "x"}).status_code == 400


def test_pages_are_there_in_english(client_for: Any, ask: Any) -> None:
    question = ask("staff@koriyama")
    client = client_for("staff@miharu")
    client.set_cookie("niwari_locale", "en")
    assert "Waiting for an answer" in client.get("/consult/").get_data(as_text=True)
    assert "Pay and general affairs" in client.get("/consult/ask").get_data(as_text=True)
    assert "No answers yet" in client.get(f"/consult/{question}").get_data(as_text=True)


def test_topic_codes_are_their_own_and_fit_the_column() -> None:
    codes = [topic.code for topic in TOPICS]
    assert len(set(codes)) == len(codes)
    assert all(code.isidentifier() and len(code) <= 30 for code in codes)
