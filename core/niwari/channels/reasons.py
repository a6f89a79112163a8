"""Why something did not arrive, in words, with the mend."""

from niwari.pages.texts import gettext as _


def reason_words(what: str) -> str:
    """Say what the code of a failure means and how to mend it."""
    kind, _space, code = what.partition(" ")
    if kind == "login":
        return _(
            "メールサーバーにログインできませんでした（%(code)s）。ユーザー名とパスワードを確かめてください。",
            code=code,
        )
    if kind == "smtp" and code.startswith("5"):
        return _(
            "メールサーバーが受け取りを断りました（%(code)s）。職員のメールアドレスを確かめてください。",
            code=code,
        )
    if kind == "smtp":
        return _(
            "メールサーバーが3日間受け取りませんでした（%(code)s）。メールサーバーの担当者に聞いてください。",
            code=code,
        )
    words = {
        "no address": _("メールアドレスの書き方が正しくありません。職員の登録を直してください。"),
        "not composed": _not_made(),
        "not sent": _not_made(),
        "timeout": _(
            "メールサーバーから応答がありませんでした。サーバーの担当者に伝えてください。"
        ),
        "tls": _(
            "メールサーバーの証明書を確認できませんでした。サーバーの担当者に伝えてください。"
        ),
    }
    return words.get(
        what, _("メールサーバーに接続できませんでした。サーバーの担当者に伝えてください。")
    )


def _not_made() -> str:
    return _(
        "お知らせをメールにできませんでした。にわりのサーバーの担当者に、記録を確かめるよう伝えてください。"
    )
