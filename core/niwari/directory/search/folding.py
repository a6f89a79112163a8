"""Folding of names: what is written in different ways and meant alike becomes the same text."""

import unicodedata
from functools import lru_cache

# Older forms and variants that NFKC leaves apart, each before the form of the 常用漢字表; from its
# 康熙字典体 and the list of 人名用漢字, then those that family registers are known for.
_OLD_FORMS = (
    "亞亜惡悪爲為榮栄衞衛圓円緣縁薗園應応櫻桜奧奥橫横溫温價価壞壊懷懐樂楽卷巻陷陥寬寛氣気僞偽戲戯"
    "虛虚峽峡狹狭曉暁勳勲薰薫惠恵揭掲鷄鶏藝芸擊撃縣県儉倹劍剣險険圈圏檢検顯顕驗験嚴厳廣広恆恒黃黄"
    "國国黑黒碎砕雜雑兒児濕湿實実壽寿收収從従澁渋獸獣縱縦緖緒敍叙將将涉渉燒焼奬奨條条狀状乘乗淨浄"
    "剩剰疊畳孃嬢讓譲釀醸眞真寢寝愼慎盡尽粹粋醉酔穗穂瀨瀬靜静攝摂專専戰戦纖繊禪禅壯壮爭争莊荘搜捜"
    "巢巣曾曽裝装瘦痩騷騒增増藏蔵臟臓卽即帶帯滯滞瀧滝單単團団彈弾晝昼鑄鋳廳庁徵徴聽聴鎭鎮轉転傳伝"
    "嶋島嶌島燈灯盜盗稻稲德徳拜拝盃杯賣売髮髪拔抜晚晩祕秘冨富拂払佛仏步歩峯峰飜翻每毎萬万默黙埜野"
    "彌弥藥薬與与搖揺樣様謠謡來来賴頼覽覧龍竜凉涼綠緑淚涙壘塁禮礼曆暦歷歴鍊錬郞郎錄録"
)
_FAMILY_NAMES = "髙高﨑崎嵜崎碕崎濵浜濱浜邊辺邉辺齋斎齊斎斉斎澤沢𠮷吉桒桑槗橋𣘺橋舘館槇槙凛凜"

_KANA = {hiragana: hiragana + 0x60 for hiragana in range(0x3041, 0x3097)}
_SMALL = {ord("ヵ"): "カ", ord("ヶ"): "ケ", ord("ゕ"): "カ", ord("ゖ"): "ケ"}
_PAIRS = _OLD_FORMS + _FAMILY_NAMES
_VARIANTS = {ord(old): new for old, new in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
_TABLE: dict[int, int | str] = {**_KANA, **_SMALL, **_VARIANTS}


def folded(text: str) -> str:
    """Return a name as it is compared.

    Half-width (NFKC) and small letters, hiragana as katakana, older forms of characters as today's
    (髙 as 高, 﨑 as 崎, 齊 as 斎), no spaces.
    """
    # Families and given names come again and again, whole names seldom.
    return "".join(map(_folded_word, text.split()))


@lru_cache(maxsize=4096)
def _folded_word(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_TABLE)
    return "".join(plain.split())


def text_of(name: str, kana: str) -> str:
    """Return what a person is found by; no search holds the line break between the two."""
    return f"{folded(name)}\n{folded(kana)}"
