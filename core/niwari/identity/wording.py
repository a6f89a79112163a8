"""How devices are called on the pages, and what is wrong with a provider."""

from niwari.pages.texts import gettext as _


def device_words(device: str) -> str:
    """Write what ``device_of`` returned, as WindowsのEdge, or the part of it that is known."""
    system, _slash, browser = device.partition("/")
    if system and browser:
        return _("%(system)sの%(browser)s", system=system, browser=browser)
    return system or browser or _("種類の分からない端末")


def metadata_words(reason: str) -> str:
    """Say what a ``BadMetadata`` of ``reason`` is about, and how to mend it."""
    words = {
        "timeout": _(
            "5秒待っても応答がありませんでした。発行者のアドレスと通信の許可を確かめてください。"
        ),
        "tls": _("接続先の証明書を確認できませんでした。証明書の期限と発行元を確かめてください。"),
        "unreachable": _("接続できませんでした。発行者のアドレスと通信の許可を確かめてください。"),
        "status": _(
            "発行者のアドレスに設定情報（/.well-known/openid-configuration）がありません。"
            "発行者のアドレスを確かめてください。"
        ),
        "no_document": _("設定情報を読み取れませんでした。発行者のアドレスを確かめてください。"),
        "other_issuer": _(
            "接続先は別の発行者を名乗っています。末尾の「/」の有無まで同じに入力してください。"
        ),
        "no_address": _(
            "設定情報に必要なアドレスがありません。認証サーバーの設定を確かめてください。"
        ),
        "insecure_address": _(
            "設定情報に https でないアドレスがあります。認証サーバーの設定を確かめてください。"
        ),
        "algorithms": _(
            "公開鍵による署名（RS256など）が使えません。認証サーバーの設定を確かめてください。"
        ),
    }
    return words[reason]
