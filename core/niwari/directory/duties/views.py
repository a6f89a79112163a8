"""業務別の担当者名簿, わたしの業務, and what a municipality chooses about them."""

from collections.abc import Collection, Sequence
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.directory.duties import listing, towns
from niwari.directory.duties.forms import LONGEST_TEXT, MyDutiesForm, TownForm
from niwari.directory.duties.own import MyDuties, keep_my_duties, my_duties
from niwari.directory.duties.standard import Duty, duties, duties_like
from niwari.directory.pages import blueprint
from niwari.errors import DomainError
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _

__all__ = ["blueprint"]

Answer = str | Response | tuple[str, int]
Groups = Sequence[tuple[str, Sequence[Duty]]]

LIST, OWN, TOWN = "directory.duties", "directory.own_duties", "directory.choose_duties"


@blueprint.get("/duties", permission=LIST, endpoint="duties")
def show_duties() -> str:
    """Show the standard duties with their numbers in the region."""
    counts = listing.duty_counts(current_context())
    groups = [(group, list(own)) for group, own in groupby(counts, lambda one: one.duty.group)]
    return render_template("directory/duties.html", groups=groups)


@blueprint.get("/duties/<code>", permission=LIST)
def duty(code: str) -> str:
    """Show who does a duty in the towns of the region."""
    place_under("directory.duties")
    after = listing.Position.read(request.args.get("after", ""))
    return render_template(
        "directory/duty.html", listing=listing.in_charge(current_context(), code, after)
    )


@blueprint.get("/systems", permission=LIST)
def systems() -> str:
    """Show which systems the towns of the region use."""
    place_under("directory.duties")
    after = request.args.get("after", "")
    return render_template(
        "directory/systems.html", found=towns.systems_in_use(current_context(), after)
    )


@blueprint.route("/my-duties", methods=("GET", "POST"), permission=OWN, endpoint="my_duties")
def show_my_duties() -> Answer:
    """Show and keep what one does oneself; the button ``find`` looks for duties and keeps nothing."""
    ctx = current_context()
    mine, shown = my_duties(ctx), towns.takes_part(ctx)
    form = MyDutiesForm.of(ctx.locale, mine.codes, listed=mine.listed)
    status = 200
    if form.is_submitted():
        if not form.validate():
            status = 422
        elif "find" not in request.form:
            try:
                keep_my_duties(ctx, form.duties.data or (), listed=bool(form.listed.data))
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("わたしの業務を保存しました。"), "success")
                return redirect(url_for("directory.my_duties"), code=303)
    text = (form.text.data or "").strip()
    found = duties_like(text) if not form.text.errors else duties()
    page = render_template(
        "directory/my_duties.html",
        form=form,
        mine=mine,
        shown=shown,
        options={option.data: option for option in form.duties},
        groups=_groups(mine, form.duties.data or (), found, ctx.locale),
        nothing_found=text if not found else "",
        longest=LONGEST_TEXT,
    )
    return page, status


@blueprint.route(
    "/duty-settings", methods=("GET", "POST"), permission=TOWN, endpoint="duty_settings"
)
def show_choice() -> Answer:
    """Show and keep whether the municipality takes part, and its systems."""
    ctx = current_context()
    choice = towns.choice_of(ctx)
    form = TownForm(data={"shown": choice.shown, "systems": "\n".join(choice.systems)})
    if not form.is_submitted():
        return render_template("directory/duty_settings.html", form=form)
    if form.validate():
        try:
            lines = (form.systems.data or "").splitlines()
            towns.choose(ctx, shown=bool(form.shown.data), systems=lines)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("設定を保存しました。"), "success")
            return redirect(url_for("directory.duty_settings"), code=303)
    return render_template("directory/duty_settings.html", form=form), 422


def _groups(mine: MyDuties, chosen: Collection[str], found: Sequence[Duty], locale: str) -> Groups:
    """Return the duties to choose from under their headings, each once: those of the section first.

    What is chosen is always there, so that looking for another takes nothing away.
    """
    first = set(mine.of_section)
    others = [duty for duty in duties() if duty.code in chosen and duty not in first]
    rest = [duty for duty in found if duty not in first and duty not in others]
    groups = [(_("この所属の業務"), mine.of_section), (_("選んだ業務"), others)]
    groups += [
        (group.text(locale), list(own)) for group, own in groupby(rest, lambda duty: duty.group)
    ]
    return [group for group in groups if group[1]]
