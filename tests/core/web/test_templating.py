"""What a template may name: what all may, and what it alone was given."""

import pytest
from jinja2 import DictLoader

from niwari.web.addresses import Pages
from niwari.web.templating import Templates

MACROS = "{% macro said() %}{{ town }} {{ word }}{% endmacro %}"


@pytest.fixture
def templates() -> Templates:
    """Two pages and a file of macros; all may name a town."""
    made = Pages(__name__).jinja_env
    assert isinstance(made, Templates)
    made.globals["town"] = "田村市"
    page = "{% import 'macros' as macros %}{{ town }} {{ word }}/{{ macros.said() }}"
    made.loader = DictLoader({"one": page, "other": page, "macros": MACROS})
    return made


def test_what_all_may_name_is_there_in_macros_too(templates: Templates) -> None:
    assert templates.get_template("one").render() == "田村市 /田村市 "


def test_what_one_is_given_no_other_sees(templates: Templates) -> None:
    given = templates.get_template("one", globals={"word": "引継ぎ"})
    assert given.render() == "田村市 引継ぎ/田村市 引継ぎ"
    assert templates.get_template("other").render() == "田村市 /田村市 "
    assert "word" not in templates.globals


def test_none_is_forgotten(templates: Templates) -> None:
    templates.loader = DictLoader({str(number): "" for number in range(1_000)})
    first = templates.get_template("0")
    for number in range(1_000):
        templates.get_template(str(number))
    assert templates.get_template("0") is first
