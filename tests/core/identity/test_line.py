"""The line to a provider: who is silent is left alone, and never holds all threads."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import islice

import pytest
from requests import Timeout

from niwari.identity.protocol.line import Line, Lines, NotAnswering


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def line(hours: Hours) -> Line:
    return Line(hours)


def is_asked(line: Line) -> bool:
    """Tell whether somebody may ask now, who gets an answer that is none of the line's concern."""
    try:
        with line.call():
            return True
    except NotAnswering:
        return False


def in_vain(line: Line) -> None:
    with pytest.raises(Timeout), line.call():
        raise Timeout


def test_after_one_silence_the_provider_is_left_alone_for_some_seconds(
    line: Line, hours: Hours
) -> None:
    in_vain(line)
    assert not is_asked(line)
    hours.now += 5
    assert is_asked(line)


def test_each_further_silence_doubles_the_time_up_to_a_minute(line: Line, hours: Hours) -> None:
    rests = []
    for _ in range(40):
        in_vain(line)
        begun = hours.now
        while not is_asked(line):
            hours.now += 1
        rests.append(hours.now - begun)
    assert rests[:5] == [5, 10, 20, 40, 60]
    assert set(rests[5:]) == {60}


def test_an_answer_makes_it_forgotten(line: Line, hours: Hours) -> None:
    for _ in range(3):
        in_vain(line)
        hours.now += 60
    line.answered()
    in_vain(line)
    hours.now += 5
    assert is_asked(line)


def test_a_wrong_answer_that_comes_at_once_is_forgiven_twice(line: Line, hours: Hours) -> None:
    for _ in range(2):
        line.failed()
        assert is_asked(line)
    line.failed()
    assert not is_asked(line)


def test_those_who_found_it_silent_at_the_same_time_count_once(line: Line, hours: Hours) -> None:
    with pytest.raises(Timeout), line.call():
        in_vain(line)
        raise Timeout
    hours.now += 5
    assert is_asked(line)


def test_whoever_must_know_asks_all_the_same(line: Line) -> None:
    in_vain(line)
    with line.call(anyway=True):
        pass


def test_a_slow_provider_holds_four_threads_and_the_others_go_on(line: Line) -> None:
    answer = threading.Event()

    def ask() -> str:
        try:
            with line.call():
                assert answer.wait(20)
                return "answered"
        except NotAnswering:
            return "told so"

    with ThreadPoolExecutor(12) as pool:
        asking = [pool.submit(ask) for _ in range(12)]
        told = [found.result() for found in islice(as_completed(asking, timeout=20), 8)]
        answer.set()
    assert told == ["told so"] * 8
    assert sorted(found.result() for found in asking) == ["answered"] * 4 + ["told so"] * 8


def test_whoever_waits_goes_on_when_one_has_the_answer(line: Line) -> None:
    answered = threading.Barrier(6, timeout=20)

    def ask(number: int) -> bool:
        answered.wait()
        with line.call():
            return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(ask, range(6)))


def test_after_a_silence_one_at_a_time_tries(line: Line, hours: Hours) -> None:
    in_vain(line)
    hours.now += 5
    with line.call():
        assert not is_asked(line)
    assert is_asked(line)


@pytest.mark.parametrize("seconds", [0, 29])
def test_a_strangers_word_makes_us_ask_for_keys_every_half_minute_at_the_most(
    line: Line, hours: Hours, seconds: int
) -> None:
    assert line.may_ask_for_new_keys()
    hours.now += seconds
    assert not line.may_ask_for_new_keys()
    hours.now += 30
    assert line.may_ask_for_new_keys()


def test_of_many_threads_with_a_strangers_word_one_asks(line: Line) -> None:
    together = threading.Barrier(8, timeout=20)

    def may(_number: int) -> bool:
        together.wait()
        return line.may_ask_for_new_keys()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(may, range(8))) == 1


def test_an_issuer_has_one_line_and_however_many_there_are_the_last_used_are_kept() -> None:
    lines = Lines()
    first, second = lines.of("https://id0.example.jp"), lines.of("https://id1.example.jp")
    assert lines.of("https://id0.example.jp") is first
    for number in range(2, 2048 + 1):
        lines.of(f"https://id{number}.example.jp")
    assert lines.of("https://id0.example.jp") is first
    assert lines.of("https://id1.example.jp") is not second


def test_slow_providers_together_leave_one_thread_of_eight() -> None:
    lines = Lines()
    one, two, three = (lines.of(f"https://id{number}.example.jp") for number in range(3))
    with ExitStack() as slow:
        for line in (*[one] * 4, *[two] * 3):
            slow.enter_context(line.call())
        assert [is_asked(line) for line in (two, three)] == [False, False]
    assert [is_asked(line) for line in (one, two, three)] == [True, True, True]


def test_who_was_refused_or_found_nothing_holds_no_place() -> None:
    line = Lines().of("https://id0.example.jp")
    in_vain(line)
    for _ in range(20):
        assert not is_asked(line)
    line.answered()
    assert is_asked(line)
