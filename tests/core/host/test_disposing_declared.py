"""Categories with a key need the hook that disposes of them, or the plugin stops."""

from pathlib import Path

from niwari.app import load_host
from niwari.testing.workshop import MANIFEST, Workshop, forgotten_imports

PERSONAL = """
[[personal_data]]
{key}
category = {{ ja = "お茶", en = "Tea" }}
retention = {{ ja = "消すまで残ります。", en = "Kept until removed." }}
"""
HOOK = """
from niwari.api import Receipt, hookimpl


@hookimpl
def dispose_data(ctx, category, before):
    return Receipt()
"""


def error_of(tmp_path: Path, *, key: str, code: str) -> str:
    manifest = MANIFEST.format(name="tea") + PERSONAL.format(key=key)
    with forgotten_imports((tmp_path,)):
        found = Workshop(tmp_path).make("tea", manifest=manifest, files={"plugin.py": code})
        return load_host([found]).plugins["tea"].error


def test_a_key_without_the_hook_stops_the_plugin_and_says_what_to_do(tmp_path: Path) -> None:
    said = error_of(tmp_path, key='key = "cups"', code="")
    assert "personal_data.key 'cups'" in said
    assert "implement it or leave the key out" in said


def test_both_together_are_sound(tmp_path: Path) -> None:
    assert error_of(tmp_path, key='key = "cups"', code=HOOK) == ""
