"""Asking for several at once, where the municipality wants it."""

from flask import flash, redirect, render_template, url_for

from niwari.errors import DomainError, NotFound
from niwari.ledger.asking import joint
from niwari.ledger.asking.joint import JointRefused
from niwari.ledger.errors import AlreadyAsked
from niwari.ledger.forms.asking import JointForm
from niwari.ledger.settings import choices_of
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.pages.forms import current_context
from niwari.pages.parts import offered_activities, place_under
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.written import new_key


@blueprint.route("/requests/together", methods=("GET", "POST"), permission="ledger.ask")
def ask_together() -> Answer:
    """Ask for oneself and for colleagues who do the same at the same time."""
    ctx = current_context()
    if not choices_of(ctx).joint:
        raise NotFound
    place_under("ledger.month")
    # Which discreet class it is would be told to the others: they are not offered (L14).
    offered = {code: one for code, one in offered_activities(ctx).items() if not one.discreet}
    form = JointForm(form_key=new_key(), data={"work_date": ctx.today, "how": "interval"})
    form.offer(offered.values(), ctx.locale)
    form.offer_travel(used=False)
    form.offer_oral(())  # each one's own head said it, or nobody
    form.offer_after_fact(offered=False)
    if form.validate_on_submit():
        try:
            asked = joint.ask_jointly(ctx, form.wish(), form.logins, offered)
        except JointRefused as error:
            form.together.errors = [
                _("%(account)s：%(reason)s", account=login, reason=sentence_of(one))
                for login, one in error.refusals.items()
            ]
        except DomainError as error:
            form.refuse(error)
            if isinstance(error, AlreadyAsked):
                form.form_key.data = new_key()
        else:
            flash(
                _(
                    "%(count)s人分を申し込みました。それぞれの所属長の了承を待ちます。",
                    count=len(asked),
                ),
                "success",
            )
            return redirect(url_for("ledger.show", request_id=asked[0].id), code=303)
    page = render_template("ledger/together.html", form=form)
    return (page, 422) if form.is_submitted() else page
