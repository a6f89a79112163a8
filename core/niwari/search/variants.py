"""Spellings that are meant alike: 引継ぎ, 引き継ぎ and 引継 find each other.

Texts are folded first (``directory.search.folding``), so hiragana stands here as katakana. What is
listed follows the two ways of writing okurigana that offices use side by side (公用文の送り仮名の
付け方), and a few words of daily office life that are written in different characters.
"""

import re
from collections.abc import Callable

# Each part is a character with the kana that may be left out after it.
_COMPOUNDS = """
引キ継ギ 引キ上ゲ 引キ下ゲ 引キ換エ 引キ渡シ 引キ取リ 申シ込ミ 申シ出 申シ立テ 申シ合ワセ
申シ送リ 問イ合ワセ 打チ合ワセ 組ミ合ワセ 見合ワセ 取リ扱イ 取リ組ミ 取リ消シ 取リ決メ 取リ下ゲ
取リ替エ 取リ次ギ 取リ崩シ 受ケ付ケ 受ケ入レ 受ケ取リ 受ケ持チ 受ケ渡シ 届ケ出 手続キ
貸シ出シ 貸シ付ケ 割リ当テ 割リ引キ 割リ増シ 払イ込ミ 払イ戻シ 支払イ 見積モリ 見直シ
売リ上ゲ 売リ払イ 買イ上ゲ 書キ換エ 書キ込ミ 乗リ換エ 乗リ入レ 切リ替エ 切リ上ゲ 切リ捨テ
繰リ越シ 繰リ上ゲ 繰リ下ゲ 繰リ入レ 差シ押サエ 差シ引キ 差シ替エ 立チ会イ 立チ入リ 積ミ立テ
入レ替エ 入レ換エ 振リ込ミ 振リ替エ 振リ返リ 呼ビ出シ 読ミ替エ 読ミ上ゲ 折リ返シ 借リ入レ
借リ上ゲ 仕分ケ 締メ切リ 備エ付ケ 付キ添イ 話シ合イ 持チ込ミ 持チ帰リ 埋メ立テ 立テ替エ
建テ替エ 追イ越シ 落トシ物 聞キ取リ 聴キ取リ 掘リ起コシ 巻キ込ミ 盛リ込ミ 持チ回リ 割リ振リ
割リ込ミ
"""
_KANA = re.compile(r"([^ァ-ヶー])([ァ-ヶー]*)")

_OTHERS: tuple[tuple[str, str], ...] = (
    ("子供|子ドモ", "コドモ"),
    ("障ガイ|障碍", "障害"),
    ("行ナ(?=[ウイエオワッ])", "行"),
    ("表ワ(?=[スシセサ])", "表"),
    ("現ワ(?=[レス])", "現"),
    ("(?<=[0-9])[ケ箇個](?=[月所年国])", "カ"),
)


def _pattern(compound: str) -> tuple[str, str]:
    """Return what finds a compound however it is written, and what stands for it."""
    parts = _KANA.findall(compound)
    kana = (f"(?:{''.join(f'{char}?' for char in said)})" for _, said in parts)
    found = "".join(char + may for (char, _), may in zip(parts, kana, strict=True))
    return found, "".join(char for char, _ in parts)


def _rules() -> list[tuple[str, str]]:
    listed = [_pattern(compound) for compound in _COMPOUNDS.split()]
    # The longest first: of two that begin alike the whole word counts.
    return sorted((*listed, *_OTHERS), key=lambda rule: -len(rule[0]))


_RULES = _rules()
_STANDING = [one for _, one in _RULES]
# One expression for all: the place of the group says whose spelling was met. Most characters begin
# none of them, which the look ahead tells at once.
_FIRST = "".join(sorted({found[0] for found, _ in _RULES} - set("(")))
_ANY = re.compile(f"(?=[{_FIRST}ケ箇個])(?:" + "|".join(f"({found})" for found, _ in _RULES) + ")")


def alike(text: str, kept: Callable[[int, int, int], object] | None = None) -> str:
    """Return folded ``text`` with each listed word in one spelling.

    ``kept`` is told of each word that became shorter or other: where it began and ended in ``text``,
    and how long it is now.
    """

    def replaced(found: "re.Match[str]") -> str:
        new = _STANDING[(found.lastindex or 1) - 1]
        if kept is not None:
            kept(found.start(), found.end(), len(new))
        return new

    return _ANY.sub(replaced, text)
