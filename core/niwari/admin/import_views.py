"""ファイルの取込み: send a file, look at what it would change, import it or give it up."""

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField, RadioField

from niwari.admin import importing, transfers
from niwari.admin.audit_views import blueprint
from niwari.admin.file_pages import LARGEST_MEGABYTES, LARGEST_UPLOAD, file_field
from niwari.admin.importing import KINDS, SHOWN
from niwari.directory.drafts import DraftGone
from niwari.directory.importing.columns import needed
from niwari.errors import DomainError
from niwari.pages.downloads import attached
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.tabular import ImportRefused, UnreadableFile

__all__ = ["blueprint"]

_HR = "directory.import"
_ONE = "/import/<int:draft_id>"


class FileForm(Form):
    """Which file to look at."""

    kind = RadioField(_l("ファイルの種類"), default="people")
    file = file_field(_l("ファイル"))

    def __init__(self) -> None:
        """Offer the kinds in the reader's language."""
        super().__init__()
        locale = current_context().locale
        self.kind.choices = [(kind.code, kind.label.text(locale)) for kind in KINDS.values()]


class ImportForm(Form):
    """The plan that was looked at."""

    seen = HiddenField()


@blueprint.get("/import", permission=_HR)
def import_files() -> str:
    """Ask for a file."""
    return _ask(FileForm())


@blueprint.post("/import", permission=_HR, largest_body=LARGEST_UPLOAD)
def send_file() -> BaseResponse | tuple[str, int]:
    """Keep a file and lead to its preview."""
    form = FileForm()
    if form.validate():
        sent: FileStorage = form.file.data
        try:
            draft = importing.keep_file(
                current_context(), form.kind.data, sent.filename or "", sent.read()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for("admin.preview_import", draft_id=draft), code=303)
    return _ask(form), 422


@blueprint.get(_ONE, permission=_HR, recent=True)
def preview_import(draft_id: int) -> str | BaseResponse:
    """Show what the import would do: nothing is written yet."""
    try:
        return _show(draft_id, ImportForm())
    except DraftGone as gone:
        return _begin_again(gone)


@blueprint.post(_ONE, permission=_HR, recent=True)
def import_file(draft_id: int) -> BaseResponse | tuple[str, int]:
    """Import the file as it was shown."""
    form = ImportForm()
    try:
        plan = importing.import_draft(current_context(), draft_id, form.seen.data or "")
    except DraftGone as gone:
        return _begin_again(gone)
    except ImportRefused as refused:
        preview = importing.refused_preview(current_context(), draft_id, refused)
        return _page(preview, form), refused.status
    except DomainError as error:
        form.refuse(error)
        return _show(draft_id, form), error.status
    flash(
        _(
            "取り込みました。追加%(added)s件、変更%(changed)s件、終了%(ended)s件です。",
            **{outcome: plan.counts[outcome] for outcome in ("added", "changed", "ended")},
        ),
        "success",
    )
    return redirect(url_for("admin.import_files"), code=303)


@blueprint.post(f"{_ONE}/give-up", permission=_HR)
def give_up_import(draft_id: int) -> BaseResponse:
    """Remove a file that is not to be imported."""
    importing.give_up(current_context(), draft_id)
    flash(_("取込みをやめました。何も取り込んでいません。"), "success")
    return redirect(url_for("admin.import_files"), code=303)


@blueprint.get(f"{_ONE}/list", permission=_HR, recent=True)
def import_list(draft_id: int) -> BaseResponse:
    """Give all changes, or all that is refused, as a CSV file."""
    ctx = current_context()
    try:
        content = importing.list_of(importing.preview_of(ctx, draft_id))
    except DraftGone as gone:
        return _begin_again(gone)
    return attached(content, f"import-{ctx.municipality.code}-{ctx.today.isoformat()}.csv")


def _ask(form: FileForm) -> str:
    return render_template(
        "admin/import.html",
        form=form,
        hints={kind.code: ", ".join(needed(kind.columns)) for kind in KINDS.values()},
        kinds=KINDS.values(),
        megabytes=LARGEST_MEGABYTES,
    )


def _show(draft_id: int, form: ImportForm) -> str:
    return _page(importing.preview_of(current_context(), draft_id), form)


def _page(preview: importing.Preview, form: ImportForm) -> str:
    place_under("admin.import_files")
    form.seen.data = preview.plan.digest if preview.plan else ""
    return render_template(
        "admin/import_preview.html",
        preview=preview,
        columns=preview.kind.labels(current_context().locale),
        form=form,
        most=SHOWN,
        refusal=refusal_of(preview),
        may_keep=transfers.may_keep(current_context(), preview.draft),
        reason=lambda bad: _(bad.text, **bad.params),
    )


def refusal_of(preview: importing.Preview) -> str:
    """Return the sentence above the list of what is refused; empty where nothing is."""
    if isinstance(preview.refused, UnreadableFile):  # the list below says why
        return _("ファイルを読めませんでした。何も取り込んでいません。")
    return sentence_of(preview.refused) if preview.refused else ""


def _begin_again(gone: DraftGone) -> BaseResponse:
    flash(sentence_of(gone), "warning")
    return redirect(url_for("admin.import_files"), code=303)
