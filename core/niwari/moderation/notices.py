"""The kinds of notices of moderation. None names a post, its words, or who wrote or reported it."""

from niwari.specs.contributions import Label, NoticeKind

WAITS = NoticeKind(
    "moderation.waits",
    Label(
        "報告や再確認の依頼が届いたとき（確認担当）",
        "When a report or a request to look again comes in (for moderators)",
    ),
    Label(
        "確認が必要な投稿があります。「報告の確認」を開いてください。",
        "A post waits to be looked at. Open “Reported posts”.",
    ),
    endpoint="moderation.queue",
)
REGION_WAITS = NoticeKind(
    "moderation.region_waits",
    Label(
        "広域圏で確認する投稿があるとき（広域圏の確認担当）",
        "When the region has a post to look at (for the region's moderators)",
    ),
    Label(
        "広域圏で確認が必要な投稿があります。「広域圏の報告の確認」を開いてください。",
        "A post waits for the region. Open “The region's reported posts”.",
    ),
    endpoint="moderation.region_queue",
)
DECIDED = NoticeKind(
    "moderation.decided",
    Label("自分が報告した投稿の確認が終わったとき", "When a post that you reported was looked at"),
    Label(
        "あなたが報告した投稿の確認が終わりました。結果は「自分の報告」で見られます。",
        "The post that you reported was looked at. “My reports” says what came of it.",
    ),
    discreet=True,
    private=True,
    endpoint="moderation.my_reports",
)
OWN_HELD = NoticeKind(
    "moderation.own_held",
    Label("自分の投稿の表示が止められたとき", "When a post of yours is held back"),
    Label(
        "あなたの投稿の表示を止めました。理由は「自分の投稿への対応」で見られます。",
        "A post of yours is not shown any more. “What became of my posts” says why.",
    ),
    discreet=True,
    private=True,
    endpoint="moderation.mine",
)
OWN_RELEASED = NoticeKind(
    "moderation.own_released",
    Label("自分の投稿が再び表示されたとき", "When a post of yours is shown again"),
    Label(
        "あなたの投稿を再び表示しました。理由は「自分の投稿への対応」で見られます。",
        "A post of yours is shown again. “What became of my posts” says why.",
    ),
    discreet=True,
    private=True,
    endpoint="moderation.mine",
)
KINDS = (WAITS, REGION_WAITS, DECIDED, OWN_HELD, OWN_RELEASED)
