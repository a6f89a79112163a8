"""What is refused about files, and how that is said. ``name`` is what the file is called."""

from niwari.errors import N_, DomainError, Invalid, NotFound

FIELD = "files"
"""What a form calls the field of its files, so that a refusal stands beside it."""


class BadFile(Invalid):
    """The file cannot be taken."""

    field = FIELD


class EmptyFile(BadFile):
    """It has no bytes."""

    text = N_("「%(name)s」は空のファイルです。中身のあるファイルを選んでください。")


class TooLarge(BadFile):
    """It has more bytes than a file may have."""

    text = N_(
        "「%(name)s」は大きすぎます（1つ%(limit)dMBまで）。小さくしてから選び直してください。"
    )


class UnknownType(BadFile):
    """Its name says that it is of a type that is not taken."""

    text = N_("「%(name)s」の種類は付けられません。付けられるのは、%(types)sです。")


class WebPage(BadFile):
    """It is markup, which a browser could run."""

    text = N_(
        "「%(name)s」は、SVG や HTML など、プログラムが動くことのある種類のため付けられません。"
        "画像は PNG か JPEG、文書は PDF にしてください。"
    )


class OtherContent(BadFile):
    """Its bytes are not those of the type that its name says."""

    text = N_(
        "「%(name)s」は、名前の終わり（拡張子）と中身の種類が違います。"
        "元のアプリで開き、保存し直してから選んでください。"
    )


class Unreadable(BadFile):
    """It is of its type, but damaged or cut off."""

    text = N_(
        "「%(name)s」は壊れているか、途中で切れていて読めません。"
        "元のファイルを確かめて、選び直してください。"
    )


class TooManyPixels(BadFile):
    """The picture is too large to be opened."""

    text = N_(
        "「%(name)s」は画素が多すぎます（%(limit)d万画素まで）。縮小してから選び直してください。"
    )


class Macros(BadFile):
    """The office file has programs in it."""

    text = N_(
        "「%(name)s」にはマクロなどのプログラムが入っているため付けられません。"
        "マクロなしの形式（.docx、.xlsx、.pptx）で保存し直してください。"
    )


class Locked(BadFile):
    """The office file has a password or is of the old format: nobody can look into it."""

    text = N_(
        "「%(name)s」は、パスワードが付いているか、古い形式です。"
        "パスワードを外し、.docx、.xlsx、.pptx で保存し直してください。"
    )


class Unpacked(BadFile):
    """The office file unpacks to too much."""

    text = N_(
        "「%(name)s」は、中身が大きすぎます（%(limit)dMBまで）。大きい画像や要らないページを減らしてください。"
    )


class TooManyFiles(BadFile):
    """There are more files than one row may have."""

    text = N_("付けられるのは%(limit)d個までです。数を減らしてください。")


class TownIsFull(BadFile):
    """The municipality has as many bytes of files as it may have."""

    text = N_(
        "%(town)sで使えるファイルの容量（%(limit)dMB）がいっぱいです。"
        "ファイルなしで送るか、情報担当に相談してください。"
    )


class EnoughToday(BadFile):
    """The person has sent as many bytes today as one may."""

    text = N_(
        "1人が1日に送れるファイルは、合わせて%(limit)dMBまでです。"
        "残りは明日送るか、ファイルなしで送ってください。"
    )


class NoRoom(DomainError):
    """The server's disk takes no more."""

    status = 503
    field = FIELD
    text = N_(
        "サーバーの空きが足りず、「%(name)s」を保存できませんでした。情報担当にお知らせください。"
    )


class UploadGone(BadFile):
    """A file of the form is not there any more: it was sent already, or is older than a day."""

    text = N_("先に選んだファイルは、1日を過ぎて消えました。もう一度選んでください。")


class Revealing(BadFile):
    """The file may name its author, and the author of the row is hidden."""

    text = N_(
        "名前を出さないときは、「%(name)s」は付けられません。文書のファイルには、作成した人の名前が"
        "入っていることがあります。写真、テキスト、CSV にしてください。"
    )


class NoAlt(BadFile):
    """A picture has no description."""

    text = N_("「%(name)s」の説明を書いてください。写真が見えない人にも、何の写真かが伝わります。")


class LongAlt(BadFile):
    """A description is too long."""

    text = N_("「%(name)s」の説明は、%(limit)d文字以内で書いてください。")


class NoSuchFile(NotFound):
    """There is no such file, or it is not for this person."""

    text = N_("このファイルは見つかりません。")
