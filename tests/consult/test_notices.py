"""Whoever asked, and who answered before, are told of an answer; and whose answer helped."""

from typing import Any

from niwari.api import Ref
from niwari_consult.service import posting

ASKER, FIRST, SECOND = "staff@koriyama", "staff@sukagawa", "staff@miharu"


def codes(told: Any) -> list[tuple[str, str]]:
    return [(one.login, one.code) for one in told()]


def test_the_asker_and_those_who_answered_before_are_told_of_an_answer(
    ask: Any, answer: Any, told: Any
) -> None:
    question = ask(ASKER)
    answer(FIRST, question)
    assert codes(told) == [(ASKER, "consult.answered")]
    answer(SECOND, question)
    assert sorted(codes(told)[1:]) == [
        (ASKER, "consult.answered"),
        (FIRST, "consult.answered"),
    ]
    assert {one.about for one in told()} == {Ref("consult.question", question)}


def test_nobody_is_told_of_an_answer_of_their_own(ask: Any, answer: Any, told: Any) -> None:
    answer(ASKER, ask(ASKER))
    assert told() == []


def test_whose_answer_was_accepted_is_told(ask: Any, answer: Any, told: Any, ctx_for: Any) -> None:
    question = ask(ASKER)
    helpful = answer(FIRST, question)
    posting.accept(ctx_for(ASKER), question, helpful)
    assert codes(told)[-1] == (FIRST, "consult.accepted")


def test_to_accept_once_more_tells_nobody_again(
    ask: Any, answer: Any, told: Any, ctx_for: Any
) -> None:
    question = ask(ASKER)
    helpful = answer(FIRST, question)
    for _click in range(2):
        posting.accept(ctx_for(ASKER), question, helpful)
    assert len(told()) == 2
