"""One setting of each type for the municipality, and two for each person."""

from niwari.api import Choice, Label, Setting

SETTINGS = (
    Setting("fragile", Label("割れやすくする", "Fragile"), False),
    Setting(
        "height",
        Label("落とす高さ", "Height of the fall"),
        80,
        hint=Label("机の高さは70センチです。", "A desk is 70 cm high."),
        minimum=1,
        maximum=300,
        unit=Label("センチ", "cm"),
    ),
    Setting("sound", Label("音", "Sound"), "ガシャン", minimum=1, maximum=10),
    Setting("notes", Label("覚え書き", "Notes"), ""),
    Setting(
        "floor",
        Label("床", "Floor"),
        "stone",
        choices=(
            Choice("stone", Label("石", "Stone")),
            Choice("straw", Label("畳", "Straw")),
        ),
    ),
    Setting("gloves", Label("手袋をする", "Wear gloves"), True, scope="person"),
    Setting("nickname", Label("呼び名", "Nickname"), "", scope="person", maximum=20),
)
