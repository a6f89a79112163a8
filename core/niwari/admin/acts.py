"""What people call the acts in the audit: each area of the core names its own in ``acts.py``."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.admin.switching import label_of
from niwari.calendar.acts import ACTS as CALENDAR_ACTS
from niwari.channels.acts import ACTS as CHANNELS_ACTS
from niwari.channels.webhooks.acts import ACTS as WEBHOOK_ACTS
from niwari.digest.acts import ACTS as DIGEST_ACTS
from niwari.directory.acts import ACTS as DIRECTORY_ACTS
from niwari.files.acts import ACTS as FILES_ACTS
from niwari.host.registry import Host
from niwari.identity.acts import ACTS as IDENTITY_ACTS
from niwari.ledger.acts import ACTS as LEDGER_ACTS
from niwari.moderation.acts import ACTS as MODERATION_ACTS
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Label
from niwari.stewardship.acts import ACTS as STEWARDSHIP_ACTS
from niwari.vault.acts import ACTS as VAULT_ACTS

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        **CALENDAR_ACTS,
        **CHANNELS_ACTS,
        **DIGEST_ACTS,
        **DIRECTORY_ACTS,
        **FILES_ACTS,
        **IDENTITY_ACTS,
        **LEDGER_ACTS,
        **MODERATION_ACTS,
        **STEWARDSHIP_ACTS,
        **VAULT_ACTS,
        **WEBHOOK_ACTS,
        "audit.download": Label("監査の記録をCSVで受け取った", "Downloaded the audit as CSV"),
        "jobs.run_now": Label("定期処理をすぐに動かした", "Ran a job at once"),
        "jobs.try_again": Label("失敗した処理をもう一度試した", "Tried a failed task again"),
        "jobs.give_up": Label("失敗した処理を取りやめた", "Gave a failed task up"),
        "plugin.settings": Label("機能の設定を変えた", "Changed the settings of a feature"),
        "plugin.try_again": Label("止まった機能を再び動かした", "Let a stopped feature try again"),
        "plugin.withdraw": Label(
            "ほかの市町村に見せた内容を隠した", "Hid what was shared with other towns"
        ),
        "plugin.share_again": Label("隠した内容を再び見せた", "Showed again what had been hidden"),
        "plugin.export": Label("機能のデータを書き出した", "Exported the data of a feature"),
        "plugin.erase": Label("機能のデータを消した", "Erased data of a feature"),
        "plugin.purge": Label("機能のデータをすべて消した", "Purged a feature with all its data"),
    }
)


def act_words(host: Host, action: str, locale: str) -> str:
    """Return what people call an act in ``locale``, the reader's; of a plugin's acts, whose it was.

    Empty where neither is known, as after a plugin has gone.
    """
    if action in ACTS:
        return ACTS[action].text(locale)
    plugin = host.plugins.get(action.partition(".")[0])
    if plugin is None or plugin.core:
        return ""
    return _("「%(plugin)s」での操作", plugin=label_of(plugin, locale))


def code_of(words: str) -> str:
    """Return the code of the act that people call ``words`` in either language, else ``words``."""
    return next((code for code, one in ACTS.items() if words in (one.ja, one.en)), words)
