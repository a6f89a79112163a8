"""Why an opening is refused, in the words of its pages."""

from niwari.errors import N_, DomainError, Invalid


class NoReason(Invalid):
    """The reason is missing, or is none that others could judge."""

    field = "reason"
    text = N_("理由を10文字以上1,000文字以内で入力してください。")


class TooFew(DomainError):
    """There is no second official who could agree."""

    text = N_(
        "開示担当があなたのほかにいないため、開示を求められません。"
        "先に、広域圏事務局に、開示担当をもう1人決めてもらってください。"
    )


class SamePerson(DomainError):
    """Whoever asked cannot agree, in whichever post."""

    text = N_("開示を求めた本人は承認できません。ほかの開示担当に頼んでください。")


class SameTown(DomainError):
    """The region wants officials of two municipalities."""

    text = N_(
        "この広域圏では、求めた人とは別の市町村の開示担当だけが承認できます。"
        "別の市町村の開示担当に頼んでください。"
    )


class SameProvider(DomainError):
    """Both sessions were opened on the word of one provider, and the region has several."""

    text = N_(
        "求めた人と同じサインインの窓口からは、承認できません。"
        "別の窓口からサインインする開示担当に頼んでください。"
    )


class ItAlone(DomainError):
    """Both are municipal IT, who may also be those that look after the server."""

    text = N_(
        "求めた人も承認する人も情報担当では、開示できません。"
        "情報担当でない開示担当に承認を頼んでください。"
    )


class AskerGone(DomainError):
    """Whoever asked is no official any more."""

    text = N_(
        "開示を求めた人が開示担当でなくなったため、承認できません。"
        "必要なら、あなたから開示を求めてください。"
    )


class Expired(DomainError):
    """Nobody agreed within ``OPEN_FOR``."""

    text = N_("承認の期限（7日）を過ぎています。必要なら、もう一度、開示を求めてください。")


class OpenedAlready(DomainError):
    """Another official was quicker."""

    text = N_("ほかの開示担当が先に承認したため、承認は済んでいます。")


class KeyLost(DomainError):
    """The envelope, or the locker in which the author is told, does not open: its key is gone."""

    text = N_(
        "封を開く鍵がないか、封が書き換えられているため、書き手が分かりません。"
        "サーバーの担当者に、鍵の控えがあるか確かめてもらってください。"
    )


class NotOpen(DomainError):
    """No second official has agreed yet."""

    text = N_("まだ承認されていないため、書き手は表示できません。")


class ShownAlready(DomainError):
    """The official has seen the author, or did not look in time."""

    text = N_(
        "書き手を見られるのは、承認から14日以内に1人1回（5分間）だけです。もう表示できません。"
    )
