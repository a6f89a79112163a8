"""The base of every form: what cannot be read is said once, in words that say how to write it."""

from collections.abc import Iterator

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, StringField, TimeField
from wtforms.validators import NumberRange, Optional, StopValidation

from niwari.errors import Forbidden, NotFound
from niwari.pages.forms import Form, KeyField
from niwari.testing.world import World
from niwari.written import checked_key


class Slot(Form):
    """A form with a field of each kind."""

    class Meta:
        csrf = False

    day = DateField("day", [Optional()])
    time = TimeField("time", [Optional()])
    seats = IntegerField("seats", [Optional(), NumberRange(1, 9, message="1 to 9")])
    text = StringField("text")


@pytest.fixture
def request_at_hand(world: World) -> Iterator[None]:
    """A request, in whose language sentences are said."""
    with world.app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("day", "あした", ["日にちを 2026-11-18 の形で入力してください。"]),
        ("day", "2026-02-30", ["日にちを 2026-11-18 の形で入力してください。"]),
        ("time", "25:00", ["時刻を 15:00 の形で入力してください。"]),
        ("seats", "1.5", ["整数を入力してください。"]),
        ("seats", "10", ["1 to 9"]),
        ("day", "", []),
        ("day", "2026-11-18", []),
        ("seats", "9", []),
    ],
)
def test_one_sentence_says_how_to_write_it(
    request_at_hand: None, name: str, typed: str, said: list[str]
) -> None:
    form = Slot(MultiDict({name: typed}))
    assert form.validate() is (not said)
    assert [str(error) for error in form[name].errors] == said


def test_what_a_validator_says_of_the_unreadable_stays(request_at_hand: None) -> None:
    def own_words(_form: Form, field: DateField) -> None:
        if field.process_errors:
            field.errors = []
            raise StopValidation("of our own")

    class Own(Slot):
        other = DateField("other", [own_words])

    form = Own(MultiDict({"other": "soon"}))
    assert not form.validate()
    assert form.other.errors == ["of our own"]


def test_a_refusal_stands_at_the_form_and_what_is_not_there_is_no_page(
    request_at_hand: None,
) -> None:
    form = Slot(MultiDict())
    form.refuse(Forbidden("だめです。", field="text"))
    form.refuse(Forbidden("いけません。"))
    assert (form.text.errors, form.form_errors) == (["だめです。"], ["いけません。"])
    with pytest.raises(NotFound):
        form.refuse(NotFound())


class Cup(Form):
    """A form that is sent once, however often it comes."""

    class Meta:
        csrf = False

    form_key = KeyField(id="cup-key")


def test_each_opening_of_a_form_has_a_key_of_its_own(request_at_hand: None) -> None:
    first, second = Cup(None), Cup(None)
    assert checked_key(first.form_key.data) == first.form_key.data != second.form_key.data
    assert first.form_key().startswith('<input id="cup-key" name="form_key" type="hidden"')


def test_a_form_that_is_sent_again_has_the_key_with_which_it_was_opened(
    request_at_hand: None,
) -> None:
    key = Cup(None).form_key.data
    assert Cup(MultiDict({"form_key": key})).form_key.data == key
