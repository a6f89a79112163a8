"""広域通信: the list, one issue, its text for a groupware's board, and the pages of who chooses."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.digest import choosing, reading, wording
from niwari.digest.choosing import OFF
from niwari.digest.forms import ChooseForm, ShowForm
from niwari.digest.models import MONTH, WEEK
from niwari.digest.periods import up_to_now
from niwari.digest.telling import READ
from niwari.errors import DomainError, NotFound
from niwari.host.blueprint import Blueprint
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _

CHOOSE = "digest.choose"
SHOW = "digest.show"

blueprint = Blueprint("digest", __name__)

_ISSUE = "/<int:number>"


@blueprint.get("/", permission=READ)
def index() -> str:
    """Show the issues, the newest first."""
    before = whole_number(request.args.get("before"))
    page = reading.issues(current_context(), before)
    return render_template("digest/index.html", page=page, words=wording)


@blueprint.get(_ISSUE, permission=READ)
def show(number: int) -> str:
    """Show one issue, which prints on A4."""
    place_under("digest.index")
    opened = reading.issue(current_context(), number)
    return render_template("digest/issue.html", issue=opened, words=wording)


@blueprint.get(f"{_ISSUE}/board", permission=READ)
def board(number: int) -> str:
    """Show one issue as a text to paste into the own groupware's board."""
    place_under("digest.index")
    opened = reading.issue(current_context(), number)
    text = wording.board_text_of(opened, url_for("digest.show", number=number, _external=True))
    return render_template(
        "digest/board.html", issue=opened, text=text, lines=text.count("\n") + 1, words=wording
    )


@blueprint.get("/settings", permission=CHOOSE)
def settings() -> str:
    """Show whether the region has it, and what an issue would say today."""
    every = choosing.every_in_region(current_context())
    return _settings(ChooseForm(formdata=None, data={"every": every}))


@blueprint.post("/settings", permission=CHOOSE)
def choose() -> Response | tuple[str, int]:
    """Switch it on or off for the region."""
    form, status = ChooseForm(), 422
    if form.validate_on_submit():
        every = form.every.data
        try:
            changed = choosing.choose(current_context(), every)
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            if changed:
                flash(_chosen(every), "success")
            return redirect(url_for("digest.settings"), code=303)
    return _settings(form), status


@blueprint.get("/town", permission=SHOW)
def town() -> str:
    """Ask whether the people of the own municipality see it."""
    ctx = current_context()
    return render_template(
        "digest/town.html",
        form=ShowForm(formdata=None, data={"shown": choosing.is_shown(ctx)}),
        is_on=choosing.every_in_region(ctx) != OFF,
    )


@blueprint.post("/town", permission=SHOW)
def choose_town() -> Response:
    """Show it to the people of the own municipality, or not."""
    shown = bool(ShowForm().shown.data)
    if choosing.show(current_context(), shown=shown):
        flash(
            _("広域通信を職員に見せることにしました。")
            if shown
            else _("広域通信を職員に見せないことにしました。"),
            "success",
        )
    return redirect(url_for("digest.town"), code=303)


def _chosen(every: str) -> str:
    said = {
        OFF: _("広域通信を出さないことにしました。"),
        WEEK: _("広域通信を毎週出すことにしました。次の月曜日の午前8時に出ます。"),
        MONTH: _("広域通信を毎月出すことにしました。次の1日の午前8時に出ます。"),
    }
    return said[every]


def _settings(form: ChooseForm) -> str:
    ctx = current_context()
    choosing.own_region(ctx)
    asked, kept = request.args.get("every"), choosing.every_in_region(ctx)
    length = MONTH if MONTH in (asked, kept) and asked != WEEK else WEEK
    period = up_to_now(length, ctx.today)
    return render_template(
        "digest/settings.html",
        form=form,
        every=kept,
        length=length,
        period=period,
        contents=reading.preview(ctx, period),
        words=wording,
    )
