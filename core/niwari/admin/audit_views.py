"""記録（監査）: who did what in the own municipality, for its auditors."""

from flask import Response, render_template, request, stream_with_context
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, StringField
from wtforms.validators import Length, Optional, StopValidation

from niwari.admin import auditing
from niwari.admin.acts import act_words
from niwari.admin.auditing import MOST_DOWNLOADED, Position, Wanted
from niwari.admin.views import blueprint
from niwari.clock import tokyo_day
from niwari.errors import DomainError, NotFound
from niwari.pages.downloads import attached
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import parts

__all__ = ["blueprint"]

_AUDITOR = "admin.audit"
_LONGEST = Length(max=200, message=_l("200文字以内で入力してください。"))


def _within_reach(form: Form, field: Field) -> None:
    """Refuse a day of another age, whose midnight no instant may be."""
    if field.data and not 2000 <= field.data.year <= 2100:
        raise StopValidation(str(_l("2000年から2100年までの日にちにしてください。")))


class SearchForm(Form):
    """Which acts to show; all fields may be empty."""

    first = DateField(_l("この日から"), validators=[Optional(), _within_reach])
    last = DateField(_l("この日まで"), validators=[Optional(), _within_reach])
    action = StringField(_l("操作"), validators=[_LONGEST])
    object_kind = StringField(_l("対象の種類"), validators=[_LONGEST])
    actor = StringField(_l("職員のアカウント"), validators=[_LONGEST])

    def validate_last(self, field: Field) -> None:
        """Refuse a last day before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise StopValidation(
                str(_l("「この日から」の日にちと同じか、それより後の日にちにしてください。"))
            )

    def wanted(self) -> Wanted:
        """Return the filter, without space around what was typed."""
        return Wanted(
            self.first.data,
            self.last.data,
            *((field.data or "").strip() for field in (self.action, self.object_kind, self.actor)),
        )


class _Searched(SearchForm):
    """The form as it comes in an address: it changes nothing, so it carries no token."""

    class Meta:
        csrf = False


@blueprint.get("/audit", permission=_AUDITOR)
def audit() -> str | tuple[str, int]:
    """Show who did what, the newest first, and the head of the chain of seals."""
    form = _Searched(request.args)
    found, status = None, 422
    if form.validate():
        after = Position.read(request.args.get("after", ""))
        try:
            found, status = auditing.acts(current_context(), form.wanted(), after), 200
        except DomainError as error:
            form.refuse(error)
    return _page(form, found), status


@blueprint.post("/audit/csv", permission=_AUDITOR, recent=True)
def audit_csv() -> Response | tuple[str, int]:
    """Give what the filter finds as a CSV file."""
    ctx, form = current_context(), SearchForm()
    if form.validate():
        try:
            pieces = auditing.download(ctx, form.wanted())
        except DomainError as error:
            form.refuse(error)
        else:
            name = f"audit-{ctx.municipality.code}-{ctx.today.isoformat()}.csv"
            return attached(stream_with_context(pieces), name)
    return _page(form, None), 422


@blueprint.get("/audit/head", permission=_AUDITOR)
def audit_head() -> Response:
    """Give the head hash as a text file, for keeping elsewhere."""
    ctx = current_context()
    seal = auditing.head(ctx)
    if seal is None:
        raise NotFound
    name = f"audit-head-{ctx.municipality.code}-{seal.number}.txt"
    return attached(auditing.head_note(ctx, seal).encode(), name, "text/plain")


def _page(form: SearchForm, found: auditing.Acts | None) -> str:
    searched = {name: value for name, value in form.data.items() if value and name != "csrf_token"}
    ctx, host = current_context(), parts().dispatcher.host
    return render_template(
        "admin/audit.html",
        form=form,
        found=found,
        searched=searched,
        head=auditing.head(ctx),
        words=lambda action: act_words(host, action, ctx.locale),
        most=MOST_DOWNLOADED,
        day_of=tokyo_day,
    )
