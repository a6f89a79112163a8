"""What moderation refuses, and how it says so."""

from niwari.errors import N_, DomainError, Forbidden, Invalid

LONGEST = 1000
"""Characters of what a reporter, a moderator or an author writes."""


class UnknownReason(Invalid):
    """The reason is none of the list."""

    field = "reason"
    text = N_("報告する理由を選んでください。")


class NoWords(Invalid):
    """Something else is wrong with it, and nothing is written of what."""

    field = "text"
    text = N_("「その他」を選んだときは、どこが気になるかを書いてください。")


class TooLong(Invalid):
    """More was written than is kept."""

    text = N_("1,000文字以内で入力してください。")


class OwnPost(Forbidden):
    """Nobody reports what they wrote themself."""

    text = N_("自分の投稿は報告できません。")


class NoDecisionReason(Invalid):
    """A decision says why; the author reads it."""

    field = "reason"
    text = N_("理由を入力してください。投稿した人か、報告した人が、そのまま読みます。")


class UnknownOutcome(Invalid):
    """What was pressed does not fit the state of the case."""

    text = N_("この投稿には、その対応は選べません。画面を読み込み直してください。")


class NothingToPause(Invalid):
    """A pause goes with holding back a post whose author is hidden, and sealed still."""

    field = "pause"
    text = N_(
        "名前を出さずに書くことを止められるのは、名前を出さずに書かれた投稿の表示を止めるときだけです。"
        "印を外すか、「表示を止める」を押してください。"
    )


class DecidedAlready(DomainError):
    """Somebody else was faster."""

    text = N_(
        "この投稿への対応は、もう済んでいます。画面を読み込み直して、結果を確かめてください。"
    )


class NotThisPerson(Forbidden):
    """Whoever wrote or reported a post, or decided before, does not decide about it now."""

    text = N_(
        "自分の投稿、自分が報告した投稿、自分が表示を止めた投稿の再確認には、対応できません。"
        "ほかの確認担当に頼んでください。"
    )


class PostGone(DomainError):
    """The post was erased meanwhile: there is nothing to hold back or show."""

    text = N_("この投稿は消されています。「そのままにする」を選ぶと、報告だけを終わりにできます。")


class ObjectedAlready(DomainError):
    """The author asked once already, or there is nothing to ask about."""

    text = N_("再確認の依頼は、1回だけです。すでに受け付けたか、表示が再開されています。")


class NoObjection(Invalid):
    """An objection says why."""

    field = "objection"
    text = N_("再確認してほしい理由を入力してください。")
