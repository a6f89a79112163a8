"""異動の予定: keep a file of transfers sealed until its release (内示)."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from niwari.admin import transfers
from niwari.admin.audit_views import blueprint
from niwari.admin.file_pages import LARGEST_MEGABYTES, LARGEST_UPLOAD
from niwari.admin.import_views import refusal_of
from niwari.admin.importing import SHOWN, Preview, list_of
from niwari.admin.transfer_forms import KeepForm, PlanningForm, ReleaseForm, TransferFileForm
from niwari.clock import tokyo_wall_time
from niwari.directory.drafts import DraftGone, remove_draft
from niwari.directory.importing.columns import needed
from niwari.directory.transfers import keeping, listing, towns
from niwari.directory.transfers.keeping import MOST_OPEN, NotOpen
from niwari.errors import DomainError, NotFound
from niwari.pages.addresses import LARGEST_ID, whole_number
from niwari.pages.downloads import attached
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.tabular import ImportRefused

__all__ = ["blueprint"]

Answer = str | BaseResponse | tuple[str, int]

_HR = towns.MANAGE
_LIST = "admin.transfers"
_FILE = "/transfers/file/<int:draft_id>"
_ONE = "/transfers/<int:transfer_id>"


@blueprint.get("/transfers", permission=_HR, recent=True, endpoint="transfers")
def show_transfers() -> str:
    """Show what is kept, and what was released or withdrawn."""
    return _listed(TransferFileForm())


@blueprint.post("/transfers", permission=_HR, recent=True, largest_body=LARGEST_UPLOAD)
def send_transfers() -> Answer:
    """Keep a file as a draft and lead to its preview."""
    form = TransferFileForm()
    answer = _sent(form)
    return answer or (_listed(form), 422)


@blueprint.get(_FILE, permission=_HR, recent=True)
def check_transfers(draft_id: int) -> Answer:
    """Show what a file would change: it is neither imported nor kept yet."""
    form = KeepForm(data={"instead": request.args.get("instead", "")})
    try:
        return _checked(draft_id, form)
    except DraftGone as gone:
        return _back(gone)


@blueprint.post(_FILE, permission=_HR, recent=True)
def keep_transfers(draft_id: int) -> Answer:
    """Keep a file sealed as it was shown."""
    form, status = KeepForm(), 422
    try:
        if form.validate():
            try:
                transfers.keep_draft_sealed(
                    current_context(),
                    draft_id,
                    form.release_at(),
                    form.seen.data or "",
                    _instead(form.instead.data),
                )
            except ImportRefused as refused:
                preview = transfers.refused_preview(current_context(), draft_id, refused)
                return _page(draft_id, form, preview), refused.status
            except (DraftGone, NotOpen):
                raise
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(
                    _("異動のファイルを預かりました。内示の日時まで、人事担当以外には見えません。"),
                    "success",
                )
                return redirect(url_for(_LIST), code=303)
        return _checked(draft_id, form), status
    except (DraftGone, NotOpen) as gone:
        return _back(gone)


@blueprint.post(f"{_FILE}/give-up", permission=_HR)
def give_up_transfers(draft_id: int) -> BaseResponse:
    """Remove a file that is not to be kept."""
    remove_draft(current_context(), draft_id)
    flash(_("ファイルを消しました。何も預かっていません。"), "success")
    return redirect(url_for(_LIST), code=303)


@blueprint.get(f"{_FILE}/list", permission=_HR, recent=True)
def transfers_list(draft_id: int) -> Answer:
    """Give all changes of a file that is looked at, or all that is refused, as a CSV file."""
    try:
        return _csv(transfers.preview_of_draft(current_context(), draft_id))
    except DraftGone as gone:
        return _back(gone)


@blueprint.get(_ONE, permission=_HR, recent=True)
def sealed_transfers(transfer_id: int) -> Answer:
    """Open a sealed file."""
    try:
        return _opened(transfer_id)
    except NotOpen as done:
        return _back(done)


@blueprint.post(f"{_ONE}/release", permission=_HR, recent=True)
def move_release(transfer_id: int) -> Answer:
    """Let a sealed file be released at another day and hour."""
    form, status = ReleaseForm(), 422
    try:
        if form.validate():
            try:
                keeping.move_release(current_context(), transfer_id, form.release_at())
            except (NotFound, NotOpen):
                raise
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("内示の日時を変えました。"), "success")
                return redirect(url_for(_LIST), code=303)
        return _opened(transfer_id, release=form), status
    except NotOpen as done:
        return _back(done)


@blueprint.post(f"{_ONE}/file", permission=_HR, recent=True, largest_body=LARGEST_UPLOAD)
def mend_transfers(transfer_id: int) -> Answer:
    """Look at a file that is to take the place of a sealed one."""
    form = TransferFileForm()
    try:
        answer = _sent(form, instead=transfer_id)
        return answer or (_opened(transfer_id, mend=form), 422)
    except NotOpen as done:
        return _back(done)


@blueprint.post(f"{_ONE}/withdraw", permission=_HR, recent=True)
def withdraw_transfers(transfer_id: int) -> Answer:
    """Erase a sealed file."""
    try:
        keeping.withdraw(current_context(), transfer_id)
    except NotOpen as done:
        return _back(done)
    flash(_("異動を取り下げ、預かったファイルを消しました。"), "success")
    return redirect(url_for(_LIST), code=303)


@blueprint.route("/transfers/settings", methods=("GET", "POST"), permission=_HR)
def transfer_settings() -> Answer:
    """Show and keep whether the municipality plans transfers ahead."""
    ctx = current_context()
    place_under(_LIST if towns.is_planning(ctx) else "admin.transfer_settings")
    form = PlanningForm(data={"planned": towns.is_planning(ctx)})
    if not form.is_submitted():
        return render_template("admin/transfer_settings.html", form=form)
    if form.validate():
        try:
            towns.choose(ctx, planned=bool(form.planned.data))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("設定を保存しました。"), "success")
            return redirect(url_for("admin.transfer_settings"), code=303)
    return render_template("admin/transfer_settings.html", form=form), 422


def _sent(form: Form, instead: int | None = None) -> BaseResponse | None:
    """Keep the file of a form for its preview and lead there; ``None`` where the form says why not."""
    if not form.validate():
        return None
    sent: FileStorage = form.file.data
    try:
        draft_id = transfers.keep_file(current_context(), sent.filename or "", sent.read())
    except DomainError as error:
        form.refuse(error)
        return None
    there = url_for("admin.check_transfers", draft_id=draft_id, instead=instead)
    return redirect(there, code=303)


def _listed(form: TransferFileForm) -> str:
    ctx = current_context()
    before = whole_number(request.args.get("before")) or LARGEST_ID
    kept = listing.open_transfers(ctx)
    closed, following = listing.closed_transfers(ctx, before)
    return render_template(
        "admin/transfers.html",
        form=form,
        kept=kept,
        closed=closed,
        following=following,
        columns=", ".join(needed(transfers.KIND.columns)),
        megabytes=LARGEST_MEGABYTES,
        most=MOST_OPEN,
    )


def _checked(draft_id: int, form: KeepForm) -> str:
    return _page(draft_id, form, transfers.preview_of_draft(current_context(), draft_id))


def _page(draft_id: int, form: KeepForm, preview: Preview) -> str:
    place_under(_LIST)
    form.seen.data = preview.plan.digest if preview.plan else ""
    instead = _instead(form.instead.data)
    return render_template(
        "admin/transfers_check.html",
        form=form,
        instead=instead,
        list_href="" if preview.tried else url_for("admin.transfers_list", draft_id=draft_id),
        **_shown(preview),
    )


def _opened(
    transfer_id: int, release: ReleaseForm | None = None, mend: TransferFileForm | None = None
) -> str:
    place_under(_LIST)
    opened, preview = transfers.opened_with_preview(current_context(), transfer_id)
    wall = tokyo_wall_time(opened.release_at)
    times = {"day": wall.date(), "time": wall.time()}
    return render_template(
        "admin/transfers_sealed.html",
        opened=opened,
        release=release or ReleaseForm(formdata=None, data=times),
        mend=mend or TransferFileForm(formdata=None),
        megabytes=LARGEST_MEGABYTES,
        list_href="",
        **(_shown(preview) if preview else {"preview": None}),
    )


def _shown(preview: Preview) -> dict[str, object]:
    return {
        "preview": preview,
        "columns": preview.kind.labels(current_context().locale),
        "most": SHOWN,
        "refusal": refusal_of(preview),
        "reason": lambda bad: _(bad.text, **bad.params),
    }


def _csv(preview: Preview) -> Response:
    ctx = current_context()
    name = f"transfers-{ctx.municipality.code}-{ctx.today.isoformat()}.csv"
    return attached(list_of(preview), name)


def _instead(text: str | None) -> int | None:
    """Return the id of the sealed file that is to be replaced, if any."""
    if not text:
        return None
    transfer_id = whole_number(text)
    if transfer_id is None:
        raise NotFound
    return transfer_id


def _back(error: DomainError) -> BaseResponse:
    flash(sentence_of(error), "warning")
    return redirect(url_for(_LIST), code=303)
