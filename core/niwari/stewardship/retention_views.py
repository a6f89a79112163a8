"""保存期間 and 廃棄の記録: how long data are kept, and what was removed when their time was over."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from niwari.errors import DomainError, NotFound
from niwari.pages.addresses import whole_number
from niwari.pages.downloads import attached
from niwari.pages.forms import current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.stewardship import disposing, retention
from niwari.stewardship.forms import RetentionForm
from niwari.stewardship.views import blueprint
from niwari.tabular import write_csv

__all__ = ["blueprint"]

_HR = "stewardship.retention"
_RULE = "/retention/<plugin>/<key>"


@blueprint.get("/retention", permission=_HR, endpoint="retention")
def show_retention() -> str:
    """Show what the features here keep and for how long."""
    found = retention.categories(current_context(), parts().dispatcher)
    return render_template("stewardship/retention.html", categories=found)


@blueprint.get(_RULE, permission=_HR, recent=True)
def rule(plugin: str, key: str) -> str:
    """Ask how long one category is kept."""
    found = retention.category(current_context(), parts().dispatcher, plugin, key)
    return _rule_page(found, RetentionForm(data={"years": found.years}))


@blueprint.post(_RULE, permission=_HR, recent=True)
def keep_for(plugin: str, key: str) -> BaseResponse | tuple[str, int]:
    """Set how long one category is kept."""
    ctx, dispatcher, form, status = current_context(), parts().dispatcher, RetentionForm(), 422
    found = retention.category(ctx, dispatcher, plugin, key)
    if form.validate():
        try:
            changed = retention.keep_for(ctx, dispatcher, plugin, key, form.years.data)
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            if changed and form.years.data:
                flash(
                    _(
                        "「%(name)s」を%(years)s年で廃棄します。明日から始めます。",
                        name=found.label,
                        years=form.years.data,
                    ),
                    "success",
                )
            elif changed:
                flash(_("「%(name)s」を廃棄しないことにしました。", name=found.label), "success")
            return redirect(url_for("stewardship.retention"), code=303)
    return _rule_page(found, form), status


@blueprint.get("/disposals", permission=_HR)
def disposals() -> str:
    """Show what was disposed of, the newest first."""
    ctx = current_context()
    before = whole_number(request.args.get("before", ""))
    return render_template(
        "stewardship/disposals.html",
        page=disposing.disposals(ctx, before=before),
        labels=_labels(),
    )


@blueprint.get("/disposals.csv", permission=_HR)
def disposals_csv() -> Response:
    """Give the disposal records of the own municipality as a CSV file."""
    ctx, labels = current_context(), _labels()
    rows = (
        (
            one.at,
            *labels.get((one.plugin, one.category), (one.plugin, one.category)),
            one.years,
            one.before,
            one.erased,
            one.redacted,
        )
        for one in disposing.all_disposals(ctx)
    )
    heads = (
        _("廃棄した日時"),
        _("機能"),
        _("データの種類"),
        _("保存期間（年）"),
        _("この日より前を廃棄"),
        _("消した件数"),
        _("文章を消した件数"),
    )
    name = f"disposals-{ctx.municipality.code}-{ctx.today.isoformat()}.csv"
    return attached(write_csv(heads, rows), name)


def _rule_page(found: retention.Category, form: RetentionForm) -> str:
    place_under("stewardship.retention")
    return render_template("stewardship/rule.html", category=found, form=form)


def _labels() -> dict[tuple[str, str], tuple[str, str]]:
    locale = current_context().locale
    return {
        (plugin.name, data.key): (plugin.manifest.label.text(locale), data.category.text(locale))
        for plugin in parts().host.optional()
        if plugin.manifest is not None
        for data in plugin.manifest.personal_data
        if data.key
    }
