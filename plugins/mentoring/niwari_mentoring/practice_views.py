"""The pages about practices: what towns fill in side by side, and the comparison as a file."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from niwari.api import DomainError, current_context, gettext, paused, prepare_texts
from niwari_mentoring.errors import ChangedMeanwhile
from niwari_mentoring.forms import sheet_form, version_of
from niwari_mentoring.practices import TEMPLATES_BY_CODE
from niwari_mentoring.service import sheets
from niwari_mentoring.views import Answer, blueprint

_PRACTICE = "/practices/<string(maxlength=30):template>"


@blueprint.get("/practices", permission="mentoring.read")
def practices() -> str:
    """Show the templates, with how many towns have filled in each."""
    return render_template("mentoring/practices.html", overviews=sheets.overview(current_context()))


@blueprint.get(_PRACTICE, permission="mentoring.read")
def practice(template: str) -> str:
    """Show the sheets of all towns side by side."""
    chosen, found = sheets.compare(current_context(), template)
    prepare_texts(words for one in found for words in one.words.values())
    return render_template("mentoring/practice.html", template=chosen, sheets=found)


@blueprint.get(_PRACTICE + "/comparison.csv", permission="mentoring.read")
def practice_csv(template: str) -> Response:
    """Give the comparison out as a file."""
    ctx = current_context()
    chosen, found = sheets.compare(ctx, template)
    content = sheets.as_csv(chosen, found, locale=ctx.locale, town_label=gettext("市町村"))
    answer = Response(content, content_type="text/csv; charset=utf-8")
    name = f"{chosen.code}-{ctx.today.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get(_PRACTICE + "/fill", permission="mentoring.fill")
def edit_sheet(template: str) -> str:
    """Show the form for the own town's sheet."""
    ctx = current_context()
    own = sheets.own_sheet(ctx, template)
    chosen = TEMPLATES_BY_CODE[template]
    form = sheet_form(ctx, chosen, own)
    return render_template(
        "mentoring/sheet_form.html", template=chosen, form=form, own=own, beside=None
    )


@blueprint.post(_PRACTICE + "/fill", permission="mentoring.fill")
def save_sheet(template: str) -> Answer:
    """Write the own town's sheet, then show all side by side."""
    ctx = current_context()
    own = sheets.own_sheet(ctx, template)
    chosen = TEMPLATES_BY_CODE[template]
    form = sheet_form(ctx, chosen)
    beside = None
    if form.validate_on_submit():
        try:
            sheets.fill(
                ctx,
                template,
                form.words(chosen),
                audience=form.audience.data or "",
                base=version_of(form.base),
            )
        except ChangedMeanwhile as error:
            form.refuse(error)
            beside = sheets.own_sheet(ctx, template)
            form.base.data = form.base.raw_data = str(beside.version if beside else 0)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("シートを保存しました。"), "success")
            return redirect(url_for("mentoring.practice", template=template), code=303)
    return render_template(
        "mentoring/sheet_form.html", template=chosen, form=form, own=own, beside=beside
    ), 422


@blueprint.get("/sheets/<int(max=2147483647):sheet_id>", permission="mentoring.read")
def sheet(sheet_id: int) -> str:
    """Show one town's sheet."""
    template, found, row = sheets.get_sheet(current_context(), sheet_id)
    prepare_texts(found.words.values())
    return render_template(
        "mentoring/sheet.html", template=template, sheet=found, paused=paused(row)
    )
