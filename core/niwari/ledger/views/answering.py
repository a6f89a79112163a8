"""What the heads' answers have in common: to one request, and to a standing agreement."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect

from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger.forms.deciding import AnswerForm
from niwari.ledger.views.blueprint import Answer
from niwari.pages.forms import current_context

_F = TypeVar("_F", bound=AnswerForm)


def answered(
    form: _F, decide: Callable[[Context, _F], str], *, back: str, page: Callable[[], str]
) -> Answer:
    """Run ``decide``, which says what came of it, and go ``back``; or show its refusal on ``page``.

    Whoever may not even see what is answered gets 404, as everywhere.
    """
    status = 422
    if form.validate_on_submit():
        try:
            said = decide(current_context(), form)
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            flash(said, "success")
            return redirect(back, code=303)
    return page(), status


def with_word(
    answer: Callable[..., object], asked_id: int, said: str
) -> Callable[[Context, AnswerForm], str]:
    """Return for ``answered`` what calls a service that takes a word of the head's, and no more."""

    def decide(ctx: Context, form: AnswerForm) -> str:
        answer(ctx, asked_id, key=form.key.data or "", note=form.note.data or "")
        return said

    return decide
