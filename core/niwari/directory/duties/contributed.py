"""What the directory contributes about duties."""

from niwari.context import Context
from niwari.directory.duties.models import DUTY_MODELS
from niwari.directory.duties.towns import SHOWN, takes_part
from niwari.directory.duties.views import LIST, OWN, TOWN
from niwari.specs.contributions import Label, MenuItem, Permission, Setting

__all__ = ["DUTY_MODELS", "PERMISSIONS", "SETTINGS", "menu"]

PERMISSIONS = (
    Permission(LIST, Label("業務別の担当者名簿を見る", "See who does the same work"), ("staff",)),
    Permission(OWN, Label("自分の業務を書く", "Say what one does oneself"), ("staff",)),
    Permission(
        TOWN,
        Label("担当者名簿に加わるかを決める", "Choose whether to take part in the list of duties"),
        ("hr", "it"),
    ),
)

SETTINGS = (
    Setting(
        SHOWN,
        Label("業務別の担当者名簿を使う", "Take part in the list of who does which work"),
        False,
    ),
)


def menu(ctx: Context) -> list[MenuItem]:
    """For HR and IT what their municipality chooses; the pages of staff where it takes part."""
    choice = Label("担当者名簿の設定", "Settings of the list of duties")
    items = [MenuItem(choice, "directory.duty_settings", "admin", 40)]
    if takes_part(ctx):
        everybody = Label("業務別の担当者名簿", "Who does which work")
        own = Label("わたしの業務", "My duties")
        items.append(MenuItem(everybody, "directory.duties", "home", 40))
        items.append(MenuItem(own, "directory.my_duties", "home", 50))
    return items
