"""The forms of accounts and posts: the service says what is wrong, beside the field."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.api import Form, KeyField, MarkdownField, SelectChoice, gettext, lazy_gettext
from niwari_tourism_sns.forms import audience_choices, ids, whole
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.posts import Saved


def _boxes(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


class AccountForm(Form):
    """An account of the own section."""

    network = SelectField(lazy_gettext("SNS"), validate_choice=False)
    handle = StringField(
        lazy_gettext("アカウント名"),
        [InputRequired(lazy_gettext("アカウント名を入力してください。"))],
    )
    policy = MarkdownField(
        lazy_gettext("運用方針"), [InputRequired(lazy_gettext("運用方針を書いてください。"))]
    )
    audience = RadioField(lazy_gettext("見える人"), validate_choice=False)
    form_key = KeyField()

    def __init__(self) -> None:
        super().__init__()
        self.network.choices = [SelectChoice(code, one.label.ja) for code, one in NETWORKS.items()]
        self.audience.choices = audience_choices()
        if not self.is_submitted():
            self.audience.data = self.audience.choices[0].value


class PolicyForm(Form):
    """The sheet of an account."""

    policy = MarkdownField(
        lazy_gettext("運用方針"), [InputRequired(lazy_gettext("運用方針を書いてください。"))]
    )

    def __init__(self, account: Any) -> None:
        super().__init__()
        if account is not None and not self.is_submitted():
            self.policy.data = account.policy


class BeginForm(Form):
    """Beginning a post: for which accounts, and when."""

    title = StringField(
        lazy_gettext("投稿の題名"), [InputRequired(lazy_gettext("投稿の題名を入力してください。"))]
    )
    accounts = _boxes(lazy_gettext("投稿するアカウント"))
    planned_on = DateField(lazy_gettext("投稿する日"), [Optional()])
    form_key = KeyField()

    def __init__(self, accounts: Iterable[Any], title: str) -> None:
        super().__init__()
        self.accounts.choices = [
            SelectChoice(str(one.id), f"{NETWORKS[one.network].label.ja} {one.handle}")
            for one in accounts
        ]
        if not self.is_submitted():
            self.title.data = title[:80]
            self.accounts.data = [choice.value for choice in self.accounts.choices]

    @property
    def account_ids(self) -> tuple[int, ...]:
        """The accounts that were chosen."""
        return ids(self.accounts.data)


class PostForm(Form):
    """A post: a text for each account, and its photos. Made by ``post_form``."""

    numbers: ClassVar[tuple[int, ...]] = ()

    title = StringField(
        lazy_gettext("投稿の題名"), [InputRequired(lazy_gettext("投稿の題名を入力してください。"))]
    )
    planned_on = DateField(lazy_gettext("投稿する日"), [Optional()])
    photos = _boxes(lazy_gettext("写真"))
    base = HiddenField(default="0")

    @property
    def texts(self) -> Mapping[int, str]:
        """What was written for each account."""
        return {number: self[f"text_{number}"].data or "" for number in self.numbers}

    def saved(self) -> Saved:
        """Return what was filled in."""
        return Saved(self.title.data or "", self.planned_on.data, self.texts, ids(self.photos.data))


def post_form(post: Any, photos: Iterable[Any]) -> Any:
    """Return the form of a post with a field for the text of each account."""
    fields: dict[str, Any] = {
        f"text_{one.account_id}": TextAreaField(
            gettext(
                "%(network)sの文章（%(handle)s）",
                network=NETWORKS[one.network].label.ja,
                handle=one.handle,
            ),
            [InputRequired(gettext("文章を入力してください。"))],
        )
        for one in post.texts
    }
    fields["numbers"] = tuple(one.account_id for one in post.texts)
    form = type("PostForm", (PostForm,), fields)()
    form.photos.choices = [
        SelectChoice(str(photo.id), photo.file.alt or photo.file.name) for photo in photos
    ]
    if not form.is_submitted():
        form.title.data, form.planned_on.data = post.title, post.planned_on
        form.base.data = str(post.version)
        form.photos.data = [str(one.photo_id) for one in post.pictures if not one.is_withdrawn]
        for one in post.texts:
            form[f"text_{one.account_id}"].data = one.text
    return form


class DecideForm(Form):
    """Returning a post with a reason, in the version that was read."""

    reason = StringField(
        lazy_gettext("戻す理由"), [InputRequired(lazy_gettext("戻す理由を書いてください。"))]
    )
    version = HiddenField(default="0")

    @property
    def read(self) -> int:
        """The version that was read."""
        return whole(self.version.data)


class ReadersForm(Form):
    """The towns that are asked to read a draft along."""

    towns = _boxes(lazy_gettext("読んでもらう市町村"))

    def __init__(self, towns: Mapping[int, str]) -> None:
        super().__init__()
        self.towns.choices = [SelectChoice(str(id_), name) for id_, name in towns.items()]


class CommentForm(Form):
    """Something said of a draft."""

    text = MarkdownField(
        lazy_gettext("意見"), [InputRequired(lazy_gettext("意見を入力してください。"))]
    )
    form_key = KeyField()
