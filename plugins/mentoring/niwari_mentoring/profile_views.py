"""The pages on which people find each other: browsing, the own profile, and asking somebody."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import DomainError, current_context, gettext, prepare_texts
from niwari_mentoring.errors import OwnProfile
from niwari_mentoring.models import LearnerProfile
from niwari_mentoring.pair_forms import AskForm, ProfileForm
from niwari_mentoring.service import pairs, profiles, sections
from niwari_mentoring.service.profiles import WAYS, Filters
from niwari_mentoring.texts import FIELDS, fiscal_year_end
from niwari_mentoring.views import Answer, blueprint, code

_PROFILE = "/people/<int(max=2147483647):profile_id>"


@blueprint.get("/people", permission="mentoring.read")
def people() -> str:
    """Show what people offer and seek, by field, town and way."""
    ctx = current_context()
    towns = sections.towns(ctx, LearnerProfile)
    filters = Filters(
        field=code("field", tuple(FIELDS)),
        town=code("town", tuple(one for one, _name in towns)),
        way=code("way", WAYS),
    )
    after = request.args.get("after", "")
    page, following = profiles.found(ctx, filters, after=after)
    return render_template(
        "mentoring/people.html",
        profiles=page,
        following=following,
        filters=filters,
        fields=FIELDS,
        towns=towns,
        is_first=not after,
    )


@blueprint.get("/people/me", permission="mentoring.pair")
def edit_profile() -> str:
    """Show the form for the own profile."""
    ctx = current_context()
    own = profiles.own_profile(ctx)
    return render_template("mentoring/profile_form.html", form=ProfileForm(ctx, own), own=own)


@blueprint.post("/people/me", permission="mentoring.pair")
def save_profile() -> Answer:
    """Write the own profile, then show it as others see it."""
    ctx = current_context()
    form = ProfileForm(ctx)
    if form.validate_on_submit():
        try:
            id_ = profiles.describe(ctx, form.described())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("自己紹介を載せました。"), "success")
            return redirect(url_for("mentoring.profile", profile_id=id_), code=303)
    own = profiles.own_profile(ctx)
    return render_template("mentoring/profile_form.html", form=form, own=own), 422


@blueprint.post("/people/me/withdraw", permission="mentoring.pair")
def withdraw_profile() -> Response:
    """Take the own profile off the list."""
    profiles.withdraw(current_context())
    flash(gettext("自己紹介を一覧から外しました。続いているペアはそのままです。"), "success")
    return redirect(url_for("mentoring.edit_profile"), code=303)


@blueprint.get(_PROFILE, permission="mentoring.read")
def profile(profile_id: int) -> str:
    """Show what somebody offers and seeks."""
    found = profiles.get_profile(current_context(), profile_id)
    prepare_texts((found.offers, found.seeks))
    return render_template("mentoring/profile.html", profile=found, fields=FIELDS)


@blueprint.get(_PROFILE + "/ask", permission="mentoring.pair")
def new_pair(profile_id: int) -> Response | str:
    """Show the form for asking somebody; of oneself nobody can ask anything."""
    ctx = current_context()
    found = profiles.get_profile(ctx, profile_id)
    if found.mine:
        flash(gettext(OwnProfile.text), "info")
        return redirect(url_for("mentoring.profile", profile_id=profile_id), code=303)
    return render_template(
        "mentoring/ask.html", profile=found, form=AskForm(ctx), last=fiscal_year_end(ctx.today)
    )


@blueprint.post(_PROFILE + "/ask", permission="mentoring.pair")
def ask_pair(profile_id: int) -> Answer:
    """Ask somebody to accompany oneself."""
    ctx = current_context()
    form = AskForm(ctx)
    if form.validate_on_submit():
        try:
            pair_id = pairs.ask(
                ctx,
                profile_id,
                theme=form.theme.data or "",
                message=form.message.data or "",
                ends_on=form.ends_on.data,
                form_key=form.form_key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("お願いを送りました。返事が届くと、お知らせします。"), "success")
            return redirect(url_for("mentoring.pair", pair_id=pair_id), code=303)
    found = profiles.get_profile(ctx, profile_id)
    return render_template(
        "mentoring/ask.html", profile=found, form=form, last=fiscal_year_end(ctx.today)
    ), 422
