"""What people are told by the leave cafe."""

from typing import Final

from niwari.api import Label, NoticeKind

THANKED: Final = NoticeKind(
    "leave_cafe.thanked",
    Label("自分の体験談が助けになったとき", "When my experience was of help"),
    Label(
        "あなたの体験談「%(title)s」の「助かりました」が%(count)s件になりました。",
        "Your experience “%(title)s” has helped %(count)s so far.",
    ),
    ("count",),
    default="daily",
)
RULES_WAIT: Final = NoticeKind(
    "leave_cafe.rules_wait",
    Label(
        "産休・育休の新しい規程が確認を待っているとき（人事担当）",
        "When new rules of leave wait to be confirmed (for HR)",
    ),
    Label(
        "産休・育休カフェの規程「%(pack)s」の%(version)s版が適用されています。市町村の条例・規則と同じかを、「使っている規程」で確かめてください。",
        "Version %(version)s of the rules “%(pack)s” is in force in the leave cafe. Please check on “Rules” "
        "that it says what your town’s own rules say.",
    ),
    ("pack", "version"),
    endpoint="leave_cafe.rules",
)
KINDS: Final = (THANKED, RULES_WAIT)
