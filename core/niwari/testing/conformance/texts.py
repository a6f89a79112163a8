"""Rules about words: every sentence can be read in both languages, and the catalogue is compiled."""

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from niwari.scaffold import catalogue
from niwari.testing.conformance.bench import Bench
from niwari.testing.conformance.rule import rule

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")


@rule("Each text of its sources has an English one, and the compiled catalogue is that of today.")
def texts(bench: Bench) -> Iterator[str]:
    """The catalogue in translations/en against the sources."""
    try:
        present = catalogue.updated(bench.package)
    except (OSError, TemplateSyntaxError, SyntaxError) as error:
        yield f"its texts cannot be gathered: {error}"
        return
    for text in catalogue.missing(present):
        yield f"no English text for: {text}"
    for name in catalogue.stale(bench.package, present):
        yield f"translations/en/LC_MESSAGES/{name} is stale; run: niwari translate FOLDER"


@rule("Templates hold no Japanese outside _(…), so that English screens are English.")
def templates_speak(bench: Bench) -> Iterator[str]:
    """What stands plainly in the templates."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    folder = bench.package / "templates"
    for path in sorted(folder.rglob("*.html")):
        try:
            tree = environment.parse(path.read_text(encoding="utf-8"))
        except (TemplateSyntaxError, UnicodeDecodeError):
            continue  # the rule "templates" says so
        for data in tree.find_all(nodes.TemplateData):
            if found := _JAPANESE.search(data.data):
                line = data.lineno + data.data[: found.start()].count("\n")
                inner = path.relative_to(folder).as_posix()
                yield f"templates/{inner}:{line}: put the text into {{{{ _(…) }}}}"
