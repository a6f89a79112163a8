"""定期処理と動作状況: what the worker does, for municipal IT."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField

from niwari.admin import job_acts, job_overview, switching
from niwari.admin.job_overview import Wanted
from niwari.admin.views import blueprint
from niwari.channels.backlog import MOST_COUNTED, backlog
from niwari.jobs.models import CUT, DONE, FAILED, RUNNING, WAITING
from niwari.notices.mail import MAIL
from niwari.pages.forms import Form, SelectChoice, current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext

__all__ = ["blueprint"]

_IT = "admin.features"
_TASK = "/jobs/tasks/<int:task_id>"
_STATES = (DONE, FAILED, CUT, RUNNING, WAITING)


class RunsForm(Form):
    """Which runs are shown; it changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    job = SelectField(_l("処理"))
    state = SelectField(_l("結果"))


@blueprint.get("/jobs", permission=_IT)
def jobs() -> str:
    """Show whether the worker lives, and what it did and will do."""
    ctx, there = current_context(), parts()
    return render_template(
        "admin/jobs.html",
        work=job_overview.work(ctx, there.dispatcher, there.jobs),
        labels=_labels(ctx.locale),
        tasks=job_overview.names_of(there.host, "tasks", ctx.locale),
        state_words=state_words,
        seconds_words=seconds_words,
        most=job_overview.MOST_COUNTED,
    )


@blueprint.get("/jobs/runs", permission=_IT)
def job_runs() -> str:
    """List the runs of the own municipality, or of the installation itself."""
    place_under("admin.jobs")
    ctx, there = current_context(), parts()
    core = request.args.get("whose") == "core"
    if core:
        known = {job.name: job_overview.core_label(job.name, ctx.locale) for job in there.jobs}
    else:
        here = job_overview.jobs_here(ctx, there.dispatcher)
        known = {one.job.name: one.job.label.text(ctx.locale) for one in here}
    form = RunsForm(request.args)
    every = SelectChoice("", _("すべて"))
    form.job.choices = [every, *(SelectChoice(*item) for item in known.items())]
    form.state.choices = [every, *(SelectChoice(code, state_words(code)) for code in _STATES)]
    form.validate()  # what is no choice is none
    wanted = Wanted(
        core,
        "" if form.job.errors else form.job.data or "",
        "" if form.state.errors else form.state.data or "",
        request.args.get("before", ""),
    )
    form.job.errors = form.state.errors = ()
    found, following = job_overview.runs(ctx, wanted)
    return render_template(
        "admin/job_runs.html",
        form=form,
        runs=found,
        following=following,
        wanted=wanted,
        names=job_overview.names_of(there.host, "jobs", ctx.locale),
        state_words=state_words,
        seconds_words=seconds_words,
    )


@blueprint.get("/jobs/sending", permission=_IT)
def job_sending() -> str:
    """Show how much waits to leave by mail in the whole installation, and how fast it does."""
    place_under("admin.jobs")
    return render_template(
        "admin/job_sending.html",
        mail=backlog(MAIL, current_context().now),
        most=MOST_COUNTED,
    )


@blueprint.post("/jobs/<job>/run", permission=_IT)
def run_job(job: str) -> Response:
    """Let a job run in the own municipality, without waiting for its time."""
    if job_acts.run_now(current_context(), parts().dispatcher, job):
        flash(_("まもなく動かします。結果は、この画面を開き直すと分かります。"), "success")
    else:
        flash(_("すでに動いているか、1分以内に動かしたばかりです。"), "info")
    return redirect(url_for("admin.jobs"), code=303)


@blueprint.post(f"{_TASK}/again", permission=_IT)
def try_task_again(task_id: int) -> Response:
    """Let a task that failed too often be tried anew."""
    if job_acts.try_again(current_context(), task_id):
        flash(_("もう一度試します。結果は、この画面を開き直すと分かります。"), "success")
    else:
        flash(_("この処理は、すでに順番を待っているか、終わっています。"), "info")
    return redirect(url_for("admin.jobs"), code=303)


@blueprint.post(f"{_TASK}/give-up", permission=_IT)
def give_task_up(task_id: int) -> Response:
    """Let a task that failed too often be."""
    if job_acts.give_up(current_context(), task_id):
        flash(_("この処理を取りやめました。"), "success")
    else:
        flash(_("この処理は、すでに順番を待っているか、終わっています。"), "info")
    return redirect(url_for("admin.jobs"), code=303)


def state_words(state: str) -> str:
    """Return what people call the state of a run."""
    words = {
        DONE: _("完了"),
        FAILED: _("失敗"),
        CUT: _("途中で中断"),
        RUNNING: _("実行中"),
        WAITING: _("順番待ち"),
    }
    return words[state]


def seconds_words(seconds: float | None) -> str:
    """Write how long something took."""
    if seconds is None:
        return _("なし")
    if seconds < 1:
        return _("1秒未満")
    if seconds < 120:
        return ngettext("%(num)d秒", "%(num)d秒", round(seconds))
    return ngettext("%(num)d分", "%(num)d分", round(seconds / 60))


def _labels(locale: str) -> dict[str, str]:
    plugins = parts().host.plugins
    return {name: switching.label_of(p, locale) for name, p in plugins.items() if not p.core}
