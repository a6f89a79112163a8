"""How devices, roles and areas are called on the pages, and what is wrong with a provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from niwari.context import Context
from niwari.host.enablement import active
from niwari.host.loaded import Plugin
from niwari.host.registry import Host
from niwari.identity.roles.explaining import Ability
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Label, Role

ROLE_LABELS: Mapping[Role, Label] = MappingProxyType(
    {
        "staff": Label("職員全員", "All staff"),
        "head": Label("所属長", "Heads of section"),
        "stand_in": Label("代決者", "Those who stand in for heads"),
        "clerk": Label("庶務担当", "Section clerks"),
        "hr": Label("人事担当", "HR"),
        "it": Label("情報担当", "Municipal IT"),
        "secretariat": Label("広域圏事務局", "The regional secretariat"),
        "auditor": Label("監査担当", "Auditors"),
    }
)

_AREA_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "web": Label("ホーム", "Home"),
        "identity": Label("サインインと権限", "Sign-in and permissions"),
        "directory": Label("職員と所属", "People and sections"),
        "calendar": Label("カレンダー", "Calendar"),
        "search": Label("探す", "Search"),
        "files": Label("添付ファイル", "Attached files"),
        "ledger": Label("20%の時間", "20% time"),
        "moderation": Label("投稿の報告と確認", "Reported posts"),
        "digest": Label("広域通信", "The regional digest"),
        "catalogue": Label("取組の一覧", "What is going on"),
        "vault": Label("名前を出さずに書いたもの", "What is written without a name"),
        "writing": Label("文章の下書き", "Drafts of texts"),
        "admin": Label("管理", "Administration"),
        "stewardship": Label("個人のデータと保存期間", "Personal data and retention"),
        "channels": Label("お知らせ", "Notices"),
        "rest": Label("ほかのシステムとの連携", "Other systems"),
        "demo": Label("見本", "The demo"),
    }
)


@dataclass(frozen=True, slots=True)
class AreaAbilities:
    """What somebody may do in one area; ``is_on`` is false for a plugin that the town does not use."""

    label: str
    is_on: bool
    abilities: tuple[Ability, ...]


def area_label(plugin: Plugin, locale: str) -> str:
    """Return what people call a core area or a plugin."""
    if plugin.manifest is not None:
        return plugin.manifest.label.text(locale)
    known = _AREA_LABELS.get(plugin.name)
    return known.text(locale) if known is not None else plugin.name


def by_area(ctx: Context, host: Host, abilities: Iterable[Ability]) -> list[AreaAbilities]:
    """Group ``abilities`` by the area that declares them, what the town uses first."""
    found = tuple(abilities)
    groups = []
    for plugin in host.loaded():
        codes = {permission.code for permission in plugin.contributions.permissions}
        its = tuple(ability for ability in found if ability.permission.code in codes)
        if its:
            is_on = plugin.core or active(ctx.municipality, plugin.name)
            groups.append(AreaAbilities(area_label(plugin, ctx.locale), is_on, its))
    return sorted(groups, key=lambda group: not group.is_on)


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
        "this_machine": _(
            "接続先が、にわりのサーバー自身か、"
            "同じ回線の中でしか使えないアドレス（リンクローカル）です。"
            "発行者のアドレスと名前解決（DNS）を確かめてください。"
        ),
        "private_address": _(
            "接続先が庁内のネットワークにあります。サーバーの担当者が niwari.toml の "
            "provider_networks にそのネットワークを書き加えると、つながります。"
        ),
        "other_host": _(
            "認証サーバーの設定情報に、発行者とは別のサーバーのアドレスがあります。"
            "それで正しければ、サーバーの担当者が niwari.toml の "
            "provider_hosts にそのサーバーの名前を書き加えると、つながります。"
        ),
        "algorithms": _(
            "公開鍵による署名（RS256など）が使えません。認証サーバーの設定を確かめてください。"
        ),
    }
    return words[reason]
