"""What people call the acts of moderation in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "moderation.report": Label("投稿を報告した", "Reported a post"),
        "moderation.kept": Label("報告された投稿をそのままにした", "Left a reported post as it is"),
        "moderation.held": Label("投稿の表示を止めた", "Held a post back"),
        "moderation.released": Label("止めた投稿を再び表示した", "Showed a post again"),
        "moderation.pause": Label(
            "名前を出さずに書くことを止めた（だれかは分かりません）",
            "Paused a hidden author, whoever it is",
        ),
        "moderation.object": Label("投稿の再確認を依頼した", "Asked to look at a post again"),
    }
)
