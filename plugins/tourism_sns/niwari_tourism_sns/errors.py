"""What local attractions refuse, and how they say so. The web layer maps each class to its status once."""

from niwari.api import N_, DomainError, Forbidden, Invalid


class BadChecked(Invalid):
    """A spot was looked at on a day that is yet to come."""

    text = N_("情報を確かめた日は、今日か、それより前の日にしてください。")
    field = "checked_on"


class HalfPosition(Invalid):
    """A position has a latitude alone, or a longitude alone."""

    text = N_("緯度と経度は、両方を入力してください。分からないときは、両方を空けてください。")


class OutOfTown(Invalid):
    """A position lies outside of the municipality, or of Japan where its outline is not known."""

    text = N_(
        "この位置は%(town)sの中にありません。緯度は%(south)sから%(north)s、"
        "経度は%(west)sから%(east)sの間です。"
    )


class TwoPositions(Invalid):
    """A square of the map and a latitude that lies elsewhere."""

    text = N_("地図のマス目か、緯度と経度の、どちらか一方で位置を示してください。")
    field = "square"


class SavedMeanwhile(DomainError):
    """Somebody saved the row since the form was opened: nothing is overwritten."""

    text = N_(
        "開いている間に、ほかの職員が保存しました。書いたものは下の欄に残っています。"
        "別の画面で今の内容を見て、必要なら直してから、もう一度保存してください。"
    )


class NotOurs(Forbidden):
    """A spot, a route or an account belongs to the town that made it."""

    text = N_("これを変えられるのは、%(town)sの職員だけです。")


class NotAPicture(Invalid):
    """A file is none that can be looked at."""

    text = N_("「%(name)s」は写真ではありません。JPEG、PNG、WebPの写真を選んでください。")
    field = "files"


class NoLicence(Invalid):
    """A photo without a licence may not be used."""

    text = N_("写真の利用条件を選んでください。分からない写真は載せられません。")
    field = "licence"


class NoCredit(Invalid):
    """A licence asks for the author's name."""

    text = N_("この利用条件では、作者名の表示が必要です。作者や提供者の名前を書いてください。")
    field = "credit"


class NoConsent(Invalid):
    """Nothing is said of the people in a photo."""

    text = N_("写っている人について選んでください。承諾がない写真は載せられません。")
    field = "consent"


class NoRecord(Invalid):
    """It is not said where the record of a consent is kept."""

    text = N_("承諾の記録をどこに保管しているかを書いてください。例：承諾書（観光課の簿冊）")
    field = "consent_kept"


class TooFewStops(Invalid):
    """A route has fewer than two spots, or more than it can hold."""

    text = N_("ルートには、見どころを2か所から%(most)dか所まで選んでください。")
    field = "stops"


class OneTown(Invalid):
    """All spots of a route lie in one municipality."""

    text = N_(
        "ルートは、2つ以上の市町村の見どころをつなぎます。ほかの市町村の見どころも選んでください。"
    )
    field = "stops"


class NoSuchSpot(Invalid):
    """A spot of a route or post cannot be seen any more."""

    text = N_("選んだ見どころの中に、今は見られないものがあります。選び直してください。")
    field = "stops"


class NoSuchPhoto(Invalid):
    """A photo of a post is gone, or is none of its spots'."""

    text = N_("選んだ写真の中に、今は使えないものがあります。選び直してください。")
    field = "photos"


class TwiceThere(Invalid):
    """A spot stands in a route twice."""

    text = N_("同じ見どころが2回入っています。1回にしてください。")
    field = "stops"


class NoRegion(DomainError):
    """Without a region there is nobody to make a route with."""

    text = N_("広域圏に入っていない市町村では、ルートを作れません。情報担当に伝えてください。")


class HelpOver(Invalid):
    """The last day on which one can join has passed."""

    text = N_("募集の締切は、今日か、それより後の日にしてください。")
    field = "help_until"


class HelpHalf(Invalid):
    """Minutes, places and last day are all needed to look for helpers."""

    text = N_("手伝いを募るときは、時間・人数・締切をすべて入力してください。")


class NoPlaceLeft(DomainError):
    """Somebody else took the last place, or nobody is looked for any more."""

    text = N_("このルートの手伝いは、人数がそろったか、募集を終えています。")


class SameAccount(Invalid):
    """The municipality has this account already."""

    text = N_("このアカウントは登録済みです。アカウントの一覧を確かめてください。")
    field = "handle"


class NoAccounts(Invalid):
    """A post goes into one account at least."""

    text = N_("投稿するアカウントを選んでください。")
    field = "accounts"


class OverLimit(Invalid):
    """A text is longer than its network takes."""

    text = N_(
        "%(network)sの数え方で、%(over)d文字多くなっています（上限%(limit)d、今は%(count)d）。"
        "短くしてください。"
    )


class TooManyTags(Invalid):
    """A text has more hashtags than its network takes."""

    text = N_("%(network)sのハッシュタグは%(most)d個までです。今は%(count)d個です。")


class NeedsPicture(DomainError):
    """A network takes no post without a picture."""

    text = N_(
        "%(network)sの投稿には写真が要ります。写真を1枚以上選んでから、承認を頼んでください。"
    )


class BadPlan(Invalid):
    """A post is planned for a day that has passed."""

    text = N_("投稿する日は、今日か、それより後の日にしてください。")
    field = "planned_on"


class PhotoWithdrawn(DomainError):
    """The consent to a photo of the post was withdrawn."""

    text = N_("承諾が取り消された写真が入っています。投稿を直して、その写真を外してください。")


class NotAsked(DomainError):
    """Nobody asked to release the post, or not in this version."""

    text = N_("この投稿は承認待ちではありません。承認を頼まれてから公開を認めてください。")


class NotApprover(Forbidden):
    """Only the approver of the account's owner releases a post."""

    text = N_(
        "公開を認められるのは、アカウントを持つ所属の所属長（代決者を含む）か、"
        "広報の権限を持つ人だけです。"
    )


class OwnPost(Forbidden):
    """Whoever wrote a post never releases it."""

    text = N_(
        "自分が書いたか直した投稿の公開は、自分では認められません。ほかの承認者に頼んでください。"
    )


class ChangedSince(DomainError):
    """The post was saved since the approver opened it."""

    text = N_("見ている間に投稿が直されました。今の内容を読んでから、もう一度選んでください。")


class NotReleased(DomainError):
    """Nothing of the post has been released: there is nothing to export."""

    text = N_("公開が認められた文章がまだありません。承認のあとで書き出せます。")


class NoTowns(Invalid):
    """A draft is shown to no town."""

    text = N_("下書きを読んでもらう市町村を選んでください。")
    field = "towns"


class ReadingClosed(DomainError):
    """The time for comments is over, or other towns were not asked."""

    text = N_(
        "この下書きへの意見は締め切りました。急ぎのときは、投稿の担当者に直接伝えてください。"
    )


class NotInvited(Forbidden):
    """The town was not asked to read along."""

    text = N_("この下書きに意見を書けるのは、読むことを頼まれた市町村と、投稿の市町村の職員です。")
