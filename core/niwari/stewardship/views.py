"""自分のデータ, and 職員のデータ for HR: handed out as a file, and erased."""

from uuid import uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from niwari.errors import DomainError, NotFound
from niwari.host.blueprint import Blueprint
from niwari.pages.downloads import attached_bytes
from niwari.pages.forms import current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.stewardship import erasing, handing_out, people
from niwari.stewardship.forms import EraseForm, FindForm
from niwari.stewardship.keepers import keepers

blueprint = Blueprint("stewardship", __name__)

_MINE, _HR = "stewardship.mine", "stewardship.people"
_ONE = "/people/<int:person_id>"


@blueprint.get("/mine", permission=_MINE)
def my_data() -> str:
    """Say what is kept of oneself and by whom, and offer it as a file."""
    ctx = current_context()
    return render_template(
        "stewardship/my_data.html", keepers=keepers(parts().dispatcher, ctx.locale)
    )


@blueprint.post("/mine", permission=_MINE)
def take_my_data() -> Response:
    """Give one's own data of the present municipality as a file."""
    return _file(current_context().person_id)


@blueprint.get("/people", permission=_HR)
def find_person() -> str | BaseResponse | tuple[str, int]:
    """Find the person whose data are meant."""
    form = FindForm(request.args)
    status = 200
    if "login" in request.args:
        status = 422
        if form.validate():
            try:
                found = people.person_of(current_context(), (form.login.data or "").strip())
            except DomainError as error:
                form.refuse(error)
            else:
                return redirect(url_for("stewardship.person", person_id=found))
    return render_template("stewardship/people.html", form=form), status


@blueprint.get(_ONE, permission=_HR)
def person(person_id: int) -> str:
    """Show whose data they are, the receipts so far, and what can be done."""
    place_under("stewardship.find_person")
    who = people.somebody(current_context(), person_id)
    # Of whoever was erased nobody knows the login any more: it stands there for trying again.
    typed = "" if who.name else who.login
    return _page(person_id, EraseForm(data={"form_key": str(uuid4()), "confirm": typed}))


@blueprint.post(f"{_ONE}/file", permission=_HR, recent=True)
def take_data(person_id: int) -> Response:
    """Give the data of somebody who has or had a post here as a file."""
    people.somebody(current_context(), person_id)
    return _file(person_id)


@blueprint.post(f"{_ONE}/erase", permission=_HR, recent=True)
def erase(person_id: int) -> BaseResponse | tuple[str, int]:
    """Erase what is kept of somebody who has left; the receipts stand on the page of the person."""
    place_under("stewardship.find_person")
    ctx, form, status = current_context(), EraseForm(), 422
    if form.validate():
        try:
            failed = erasing.erase_person(
                ctx,
                parts().dispatcher,
                person_id,
                typed=form.confirm.data or "",
                form_key=form.form_key.data or "",
            )
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            if failed:
                flash(
                    _(
                        "%(names)sのデータは消せませんでした。ほかは消しました。"
                        "時間をおいて、もう一度お試しください。",
                        names="、".join(failed),
                    ),
                    "error",
                )
            else:
                flash(_("データを消しました。結果は下の一覧のとおりです。"), "success")
            return redirect(url_for("stewardship.person", person_id=person_id), code=303)
    return _page(person_id, form), status


def _page(person_id: int, form: EraseForm) -> str:
    ctx, dispatcher = current_context(), parts().dispatcher
    return render_template(
        "stewardship/person.html",
        who=people.somebody(ctx, person_id),
        receipts=erasing.receipts(ctx, dispatcher, person_id),
        form=form,
    )


def _file(person_id: int) -> Response:
    ctx = current_context()
    said = handing_out.Sentences(
        title=_("にわりに保存されているデータ"),
        lead=_(
            "%(town)sでの所属と、その所属で書いたものです。名前を出さずに書いたものは入っていません。",
            town=ctx.municipality.name,
        ),
        nothing=_("保存されているデータはありません。"),
        failed=_("今は書き出せませんでした。時間をおいて、もう一度お試しください。"),
    )
    content, _failed = handing_out.hand_out(ctx, parts().dispatcher, person_id, said)
    return attached_bytes(content, f"niwari-{ctx.today.isoformat()}.zip", "application/zip")
