"""Query budgets (architecture, Requests 5): shell 3, a page's own part 5, a card 1."""

from typing import Any

import pytest

from niwari_consult.service import posting
from niwari_consult.service.listing import list_questions, waiting_for_others
from niwari_consult.service.thread import get_thread

SHELL, OWN = 3, 5
LOGINS = ("staff@koriyama", "staff@sukagawa", "staff@miharu")


@pytest.fixture
def cost(client_for: Any, queries: Any) -> Any:
    """The number of statements of a page, once the enabled features of each town are known."""

    def count(address: str) -> int:
        client = client_for("staff2@koriyama")
        client.get(address)
        with queries() as log:
            assert client.get(address).status_code == 200
        return len(log)

    return count


@pytest.mark.parametrize("address", ["/consult/", "/consult/waiting", "/consult/mine"])
def test_a_list_costs_the_same_with_three_and_with_twenty_questions(
    cost: Any, ask: Any, address: str
) -> None:
    def more(number: int) -> None:
        for turn in range(number):
            ask("staff2@koriyama" if address.endswith("mine") else LOGINS[turn % 3])

    more(3)
    few = cost(address)
    more(17)
    assert cost(address) == few <= SHELL + OWN


def test_a_thread_costs_the_same_with_two_and_with_forty_answers(
    cost: Any, ask: Any, answer: Any, ctx_for: Any
) -> None:
    question = ask("staff@koriyama")
    first, _second = (answer(login, question) for login in LOGINS[:2])
    few = cost(f"/consult/{question}")
    for turn in range(38):
        answer(LOGINS[turn % 3], question)
    posting.accept(ctx_for("staff@koriyama"), question, first)
    assert cost(f"/consult/{question}") == few <= SHELL + OWN


def test_the_services_alone_cost_one_and_two(
    ctx_for: Any, queries: Any, ask: Any, answer: Any
) -> None:
    questions = [ask(login) for login in LOGINS]
    answer("staff@miharu", questions[0])
    ctx = ctx_for("staff@koriyama")
    list_questions(ctx)  # now the enabled features of the three towns are known
    with queries() as log:
        list_questions(ctx)
    assert len(log) == 1
    with queries() as log:
        get_thread(ctx, questions[0])
    assert len(log) == 2
    with queries() as log:
        waiting_for_others(ctx, 3)
    assert len(log) == 1


def test_the_form_for_a_question_costs_the_shell_alone(cost: Any) -> None:
    assert cost("/consult/ask") <= SHELL
