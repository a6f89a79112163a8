"""Rules about what people write: what was typed is not lost."""

import json
import sys
from collections.abc import Iterator

from niwari.pages.forms import Form
from niwari.pages.kept import LIST, TEXT
from niwari.testing.conformance.bench import OWNER, Address, Bench, Stand, text_of
from niwari.testing.conformance.forms import MULTIPART, PageForm, posting_forms
from niwari.testing.conformance.pages import holder, reading, rows_kept
from niwari.testing.conformance.rule import rule

_MARK = "書きかけのしるし"


@rule("A form that keeps drafts gives back what was typed, and sends nothing meanwhile.")
def drafts(bench: Bench) -> Iterator[str]:
    """Each form with a name in ``drafts``: its button is pressed, then its page is opened again."""
    with bench.stand() as stand:
        shown: set[str] = set()
        for address in reading(stand):
            login = holder(stand, address) or OWNER
            page = text_of(stand.open(stand.world.client_for(login), address))
            for form in posting_forms(page, address.path):
                if form.draft:
                    shown.add(form.draft.split()[0])
                    yield from dict.fromkeys(_problems(stand, address, form, login))
        for name in sorted(_declared(bench)):
            if not name.startswith(f"{bench.name}."):
                yield f"drafts = {name!r}: begin the name with {bench.name}. so that it is no one else's"
            elif name not in shown:
                yield (
                    f"drafts = {name!r}: no page shows its tools; write "
                    "{{ ui.writing_tools(form) }} below the form's button"
                )


def _declared(bench: Bench) -> set[str]:
    package, found, waiting = bench.package.name, set(), [Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        module = sys.modules.get(kind.__module__)
        # Loaded now, and not left over from another plugin of the same name.
        is_own = kind.__module__.partition(".")[0] == package
        if is_own and kind.drafts and getattr(module, kind.__name__, None) is kind:
            found.add(kind.drafts)
    return found


def _problems(stand: Stand, address: Address, form: PageForm, login: str) -> Iterator[str]:
    where = f"{address.name}: the form {form.draft.split()[0]}"
    if form.is_around:
        yield f"{where} has another form inside; write ui.error_summary(form) above it"
        return
    client = stand.world.client_for(login)
    # What is not among the data is no text to type, as where files are chosen.
    typed = {n: _MARK for n, _label, kind in _listed(form) if kind == TEXT and n in form.data}
    fresh = posting_forms(text_of(stand.open(client, address)), address.path)
    token = next(one.data["csrf_token"] for one in fresh if one.draft == form.draft)
    before = rows_kept(stand)
    data = {**form.data, **typed, "csrf_token": token, "writing": "draft"}
    kind = MULTIPART if form.is_multipart else None
    answer = stand.request(client, form.action, "POST", data, kind)
    if rows_kept(stand) != before:
        yield f"{where} is sent by its button for drafts; go on only where form.validate() says so"
    elif answer.status_code != 200 or _MARK not in text_of(answer):
        yield f"{where} answers {answer.status_code} to its button for drafts; show the form again"
    again = f"{address.path}?draft={form.draft.split()[0]}"
    if _MARK not in text_of(stand.open(client, address, again)):
        yield f"{where} does not give back its draft; make the form anew for each request"


def _listed(form: PageForm) -> list[list[str]]:
    listed: list[list[str]] = json.loads(form.data.get(LIST, "[]"))
    return listed
