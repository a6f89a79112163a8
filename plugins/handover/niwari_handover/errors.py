"""What handover refuses, and how it says so. The web layer maps each class to its status once."""

from niwari.api import N_, DomainError, Forbidden, Invalid


class BadReview(Invalid):
    """A duty was looked at on a day that is yet to come."""

    text = N_("見直した日は、今日か、それより前の日にしてください。")
    field = "reviewed_on"


class FarDay(Invalid):
    """A dated deadline is so far away that it must be a slip."""

    text = N_("次の締切の日は、今日の前後%(years)d年以内の日にしてください。")
    field = "due_on"


class TooMany(DomainError):
    """A notebook holds no more duties."""

    text = N_(
        "1冊のノートに書ける業務は%(most)d件までです。似た業務をまとめるか、"
        "使わなくなった業務をノートから外してください。"
    )


class ChangedMeanwhile(DomainError):
    """The duty was saved since the form was opened: nothing is overwritten."""

    text = N_(
        "開いている間に、この業務が保存されました（第%(number)d版）。"
        "下の欄はあなたが書いたままです。二つを見比べて一つにし、もう一度保存してください。"
    )


class ChangedByName(ChangedMeanwhile):
    """It is known who saved it."""

    text = N_(
        "開いている間に、%(name)sさんがこの業務を保存しました（第%(number)d版）。"
        "下の欄はあなたが書いたままです。二つを見比べて一つにし、もう一度保存してください。"
    )


class NotWriter(Forbidden):
    """Only whoever holds the post writes in its notebook."""

    text = N_("このノートに書けるのは、担当者だけです。直してほしいことは、質問で伝えられます。")


class NotHead(Forbidden):
    """Only whoever answers for the section decides it."""

    text = N_("これを決められるのは、所属長と、今その代わりに答える代決者だけです。")


class NoSuchPerson(Invalid):
    """Nobody with this login can take the post."""

    text = N_(
        "「%(login)s」という職員は、この市町村にいません。アカウントか氏名を確かめてください。"
    )
    field = "login"


class SeveralPeople(Invalid):
    """Several people have this name."""

    text = N_("「%(name)s」という職員が2人以上います。アカウントを入力してください。")
    field = "login"


class SamePerson(Invalid):
    """The successor holds the post already."""

    text = N_("%(name)sさんは、すでにこの担当です。後任には別の職員を選んでください。")
    field = "login"


class NotAnnounced(Invalid):
    """The 内示 is yet to come: before it, nothing is written about a transfer."""

    text = N_(
        "後任を決められるのは、内示のあとです。内示の日は、今日か、それより前の日にしてください。"
    )
    field = "announced_on"


class LongAnnounced(Invalid):
    """The 内示 was so long ago that it must be a slip."""

    text = N_("内示の日が1年より前です。年を確かめてください。")
    field = "announced_on"


class BadDay(Invalid):
    """The day of the handover is before the announcement, or too far away."""

    text = N_("異動日は、内示の日から1年以内の日にしてください。")
    field = "starts_on"


class AlreadyNamed(DomainError):
    """A post has one successor at a time."""

    text = N_("後任は、もう決まっています。変えるときは、先に今の引継ぎを取りやめてください。")


class NotSuccessor(Forbidden):
    """Only the successor confirms first."""

    text = N_("引継ぎを受けたことを確認できるのは、後任だけです。")


class NotYetConfirmed(DomainError):
    """The superior confirms after the successor."""

    text = N_("まだ後任が確認していません。後任の確認のあとで、上司が確認します。")


class AlreadyConfirmed(DomainError):
    """A handing over that the superior confirmed is not called off any more."""

    text = N_("この引継ぎは、上司の確認まで済んでいます。取りやめることはできません。")


class AlreadyBegun(DomainError):
    """The day of the handover has come: the notebook is the successor's by now."""

    text = N_(
        "異動日を過ぎたので、ノートは後任に移っています。担当者は、所属長が「担当者」の画面で変えられます。"
    )


class NotPart(Forbidden):
    """Only who takes part in a handing over works on its checklist and asks inside."""

    text = N_("引継ぎの確認事項を変えられるのは、前任と後任、担当者だけです。")


class TooManyItems(DomainError):
    """A checklist holds no more lines."""

    text = N_("確認事項は%(most)d件までです。要らないものを消してから、足してください。")


class NotHelper(Forbidden):
    """Only the predecessor asks for time to help, in the first year."""

    text = N_("支援の時間を申し込めるのは前任だけで、異動日から1年の間に限ります。")


class OutsideFirstYear(Invalid):
    """The day lies outside of the first year."""

    text = N_("支援の日は、異動日から1年の間（%(first)sから%(last)sまで）の日にしてください。")
    field = "work_date"
