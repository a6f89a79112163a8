"""The pages of accounts: which section keeps which, and the sheet that says for whom and how."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import DomainError, current_context, gettext, prepare_texts
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.post_forms import AccountForm, PolicyForm
from niwari_tourism_sns.service import accounts
from niwari_tourism_sns.views import ROW, Answer, blueprint, number

ACCOUNT = f"/accounts/{ROW}account_id>"


@blueprint.get("/accounts", permission="tourism_sns.read")
def find_accounts() -> str:
    """Show the region's accounts and which section keeps each."""
    found, following = accounts.find_accounts(current_context(), after=number("after"))
    return render_template(
        "tourism_sns/accounts.html",
        accounts=found,
        following=following,
        networks=NETWORKS,
        is_first=not number("after"),
    )


@blueprint.get("/accounts/new", permission="tourism_sns.accounts")
def new_account() -> str:
    """Show the form for an account."""
    return render_template("tourism_sns/account_form.html", form=AccountForm(), account=None)


@blueprint.post("/accounts/new", permission="tourism_sns.accounts")
def add_account() -> Answer:
    """Enter an account of the own section."""
    form = AccountForm()
    if form.validate_on_submit():
        try:
            account_id = accounts.add_account(
                current_context(),
                network=form.network.data or "",
                handle=form.handle.data or "",
                policy=form.policy.data or "",
                audience=form.audience.data or "",
                form_key=form.form_key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("アカウントを登録しました。"), "success")
            return redirect(url_for("tourism_sns.account", account_id=account_id), code=303)
    return render_template("tourism_sns/account_form.html", form=form, account=None), 422


@blueprint.get(ACCOUNT, permission="tourism_sns.read")
def account(account_id: int) -> str:
    """Show an account with its sheet."""
    found = accounts.get_account(current_context(), account_id)
    prepare_texts([found.policy])
    return render_template("tourism_sns/account.html", account=found, networks=NETWORKS)


@blueprint.get(ACCOUNT + "/edit", permission="tourism_sns.accounts")
def edit_account(account_id: int) -> str:
    """Show the form for the sheet of an account."""
    found = accounts.get_own_account(current_context(), account_id)
    form = PolicyForm(found)
    return render_template("tourism_sns/account_form.html", form=form, account=found)


@blueprint.post(ACCOUNT + "/edit", permission="tourism_sns.accounts")
def save_account(account_id: int) -> Answer:
    """Save the sheet of an account."""
    ctx = current_context()
    form = PolicyForm(None)
    if form.validate_on_submit():
        try:
            accounts.save_policy(ctx, account_id, form.policy.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("運用方針を保存しました。"), "success")
            return redirect(url_for("tourism_sns.account", account_id=account_id), code=303)
    found = accounts.get_own_account(ctx, account_id)
    return render_template("tourism_sns/account_form.html", form=form, account=found), 422


@blueprint.post(ACCOUNT + "/end", permission="tourism_sns.accounts")
def end_account(account_id: int) -> Response:
    """Close an account for new posts, or open it again."""
    ended = request.form.get("ended") == "yes"
    accounts.end_account(current_context(), account_id, ended=ended)
    flash(
        gettext("このアカウントへの新しい投稿を止めました。")
        if ended
        else gettext("このアカウントにまた投稿できます。"),
        "success",
    )
    return redirect(url_for("tourism_sns.account", account_id=account_id), code=303)
