"""What consult refuses, and how it says so. The web layer maps each class to its status once."""

from niwari.api import N_, DomainError, Forbidden, Invalid


class Blank(Invalid):
    """Nothing legible was written where something must be."""

    text = N_("文字が入っていません。書いてください。")


class TooLong(Invalid):
    """A text is longer than its place allows."""

    text = N_("%(limit)d文字以内で入力してください。今は%(length)d文字です。")


class Illegible(Invalid):
    """A text has characters that do not print: control characters, reversed writing, half pairs."""

    text = N_("画面に表示できない文字が混ざっています。貼り付けた文章を打ち直してください。")


class UnknownTopic(Invalid):
    """The topic is none of the list."""

    text = N_("分野を一覧から選んでください。")


class UnknownAudience(Invalid):
    """The audience is none that this question can have."""

    text = N_("読める人を選んでください。")
    field = "audience"


class StaleForm(Invalid):
    """The form's key is missing or is already somebody else's."""

    text = N_("この画面では送信できません。画面を読み込み直してください。")


class Paused(DomainError):
    """The municipality that owns the question has consult off: read, but do not write."""

    text = N_("%(municipality)sでは、相談を休止しています。再開するまで、回答や解決はできません。")


class NotTheAsker(Forbidden):
    """Only the asker says which answer solved it."""

    text = N_("解決にできるのは、相談した人だけです。")


class ChangedAlready(DomainError):
    """The accepted answer was changed once; it stays now."""

    text = N_("解決にした回答は、すでに一度変えています。これ以上は変えられません。")
