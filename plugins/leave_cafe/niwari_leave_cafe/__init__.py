"""Leave cafe 産休・育休カフェ: the dates of leave for a birth, and what colleagues learned from taking it."""
