"""The lint of templates: what would show as markup what people wrote, with line and mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from niwari.host.lint import Finding, lint_package
from niwari.host.lint_templates import ENDINGS, ESCAPED, SAFE, SCRIPT

Lint = Callable[..., list[Finding]]
PLACE = "templates/tea/page.html"


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Lints one template as a file of the plugin tea."""

    def run(source: str | bytes, name: str = PLACE) -> list[Finding]:
        path = tmp_path / "niwari_tea" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return lint_package(tmp_path / "niwari_tea", "niwari_tea", "tea")

    return run


def test_a_finding_names_the_template_its_line_and_the_mend(lint: Lint) -> None:
    [found] = lint("<p>\n{{ note.text|safe }}\n</p>")
    assert found.sentence == (
        "niwari_tea/templates/tea/page.html:2: uses the filter safe; "
        "let it be escaped, and write the markup around it into the template"
    )


SAFES = [
    "{{ x|safe }}",
    "{{ x | upper |\nsafe }}",
    "{% set y = x|safe %}",
    "{% if (x|safe) %}{% endif %}",
    "{% filter safe %}{{ x }}{% endfilter %}",
    "<a title='{{ _('x', y=z|safe) }}'>",
]


@pytest.mark.parametrize("source", SAFES)
def test_the_filter_safe_is_refused(lint: Lint, source: str) -> None:
    line = source[: source.index("safe")].count("\n") + 1
    assert lint(source) == [Finding(f"niwari_tea/{PLACE}", line, "uses the filter safe", SAFE)]


@pytest.mark.parametrize("value", ["false", "False", "none", "x"])
def test_escaping_stays_on(lint: Lint, value: str) -> None:
    source = f"\n{{%- autoescape {value} -%}}{{{{ x }}}}{{% endautoescape %}}"
    assert lint(source) == [Finding(f"niwari_tea/{PLACE}", 2, "turns escaping off", ESCAPED)]


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }}\n<script>go()</script>",
        "{# a\n#}<SCRIPT type='module'>go()</SCRIPT>",
        "{% if a\n%}<script nonce='{{ n }}'>go()</script>{% endif %}",
        "<p>\n<script data-src='x'>go()</script>",
    ],
)
def test_a_script_stands_in_a_file(lint: Lint, source: str) -> None:
    problem = "has a script without src, which no browser runs here"
    assert lint(source) == [Finding(f"niwari_tea/{PLACE}", 2, problem, SCRIPT)]


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }} is | safe, and so is safe|x",
        "{{ safe }} {{ x.safe }} {{ 'x|safe' }} {{ safe|length }}",
        "{# {{ x|safe }} <script>go()</script> #}",
        "{% raw %}{{ x|safe }}{% endraw %}",
        "{% autoescape true %}{{ x }}{% endautoescape %}",
        "<script src=\"{{ url_for('tea.static', filename='tea.js') }}\" defer></script>",
        '<script\n  defer\n  src="/a.js"></script>',
        '<script type="application/json">{{ x|tojson }}</script>',
        "<scripture>",
        "",
    ],
)
def test_what_stands_beside_it_is_allowed(lint: Lint, source: str) -> None:
    assert lint(source) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_file_that_may_be_a_template_is_looked_into(lint: Lint, ending: str) -> None:
    assert len(lint("{{ x|safe }}", f"templates/tea/deep/page{ending}")) == 1


@pytest.mark.parametrize("name", ["static/tea/page.html", "templates/tea/picture.png", "page.html"])
def test_what_is_no_template_is_not(lint: Lint, name: str) -> None:
    assert lint("{{ x|safe }}", name) == []


def test_python_below_the_templates_is_python(lint: Lint) -> None:
    [found] = lint("import niwari.db", "templates/odd.py")
    assert found.problem == "imports niwari.db"


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("\n{{ 'x }}", 2, "cannot be read as a template: unexpected char"),
        ("\n\n{{ } }}", 3, "cannot be read as a template: unexpected '}'"),
        (b"\n\x93\xfa", 2, "cannot be read as a template: it is no UTF-8"),
    ],
)
def test_a_template_that_cannot_be_read_is_told(
    lint: Lint, source: str | bytes, line: int, problem: str
) -> None:
    [found] = lint(source)
    assert found.line == line
    assert found.problem.startswith(problem)
