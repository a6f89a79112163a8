"""報告の確認: the queues of a town and of the region, and deciding about one post."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError
from niwari.moderation import cases, deciding
from niwari.moderation.cases import Level
from niwari.moderation.forms import DecisionForm
from niwari.moderation.models import HELD, KEPT, REGION_LEVEL, RELEASED, TOWN
from niwari.moderation.moderators import DECIDE, DECIDE_REGION
from niwari.moderation.own_views import address_of
from niwari.moderation.pages import blueprint
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _

__all__ = ["blueprint"]

_QUEUES = {TOWN: "moderation.queue", REGION_LEVEL: "moderation.region_queue"}
_CASES = {TOWN: "moderation.case", REGION_LEVEL: "moderation.region_case"}
_FORMS = {TOWN: "moderation.decide", REGION_LEVEL: "moderation.region_decide"}


@blueprint.get("/queue", permission=DECIDE)
def queue() -> str:
    """Show the posts of the own town that were reported, or are held back."""
    return _queue_page("town")


@blueprint.get("/cases/<int:case_id>", permission=DECIDE)
def case(case_id: int) -> str:
    """Show one of them to a moderator of the town."""
    return _case_page("town", case_id, DecisionForm())


@blueprint.post("/cases/<int:case_id>/decide", permission=DECIDE)
def decide(case_id: int) -> Response | tuple[str, int]:
    """Decide about it for the town."""
    return _decide("town", case_id)


@blueprint.get("/region", permission=DECIDE_REGION)
def region_queue() -> str:
    """Show what the region has to look at, or holds back."""
    return _queue_page("region")


@blueprint.get("/region/cases/<int:case_id>", permission=DECIDE_REGION)
def region_case(case_id: int) -> str:
    """Show one of them to a moderator of the region."""
    return _case_page("region", case_id, DecisionForm())


@blueprint.post("/region/cases/<int:case_id>/decide", permission=DECIDE_REGION)
def region_decide(case_id: int) -> Response | tuple[str, int]:
    """Decide about it for the region."""
    return _decide("region", case_id)


def _queue_page(level: Level) -> str:
    held = request.args.get("show") == "held"
    found = cases.queue(
        current_context(), level, held=held, after=whole_number(request.args.get("after")) or 0
    )
    return render_template(
        "moderation/queue.html",
        found=found,
        held=held,
        level=level,
        queue_endpoint=_QUEUES[level],
        case_endpoint=_CASES[level],
    )


def _case_page(level: Level, case_id: int, form: DecisionForm) -> str:
    place_under(_QUEUES[level])
    shown = cases.shown(current_context(), level, case_id)
    if not form.is_submitted():
        form.turn.data = str(shown.turn)
    address = address_of(shown.post) if shown.post is not None and shown.post.is_seen else ""
    return render_template(
        "moderation/case.html",
        shown=shown,
        form=form,
        level=level,
        address=address,
        queue_endpoint=_QUEUES[level],
        form_endpoint=_FORMS[level],
    )


def _decide(level: Level, case_id: int) -> Response | tuple[str, int]:
    form = DecisionForm()
    outcome = request.form.get("outcome", "")
    status = 422
    if form.validate():
        try:
            deciding.decide(
                current_context(),
                level,
                case_id,
                turn=whole_number(form.turn.data) or 0,
                outcome=outcome,
                reason=form.reason.data or "",
                pause=bool(form.pause.data),
            )
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            flash(_done(outcome), "success")
            return redirect(url_for(_QUEUES[level]), code=303)
    return _case_page(level, case_id, form), status


def _done(outcome: str) -> str:
    return {
        KEPT: _("そのままにしました。報告した人には、理由と一緒に知らせます。"),
        HELD: _("表示を止めました。投稿した人には、理由と一緒に知らせます。"),
        RELEASED: _("再び表示しました。投稿した人には、理由と一緒に知らせます。"),
    }[outcome]
