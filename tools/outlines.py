"""Write the outlines of municipalities for the map of 地域の魅力, from a TopoJSON file of 国土数値情報.

    .venv/bin/python tools/outlines.py N03-21_07_210101.json koriyama 072036 072079 …

The file is one of a prefecture of 国土数値情報（行政区域データ） of the Ministry of Land, Infrastructure,
Transport and Tourism, simplified to 1% by https://github.com/smartnews-smri/japan-topography
(data/municipality/topojson/s0010). What is written lies in the plugin's ``outlines/``, with its source,
its licence and the checksum of the file that it was made of. Coordinates are ten-thousandths of a degree.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

OUTLINES = Path(__file__).parents[1] / "plugins" / "tourism_sns" / "niwari_tourism_sns" / "outlines"
SOURCE = "国土数値情報（行政区域データ、令和3年1月1日時点）（国土交通省）を加工して作成"
SOURCE_EN = "Made from National Land Numerical Information (administrative areas, 1 January 2021), MLIT Japan"
LICENCE = "CC BY 4.0"
FROM = "https://github.com/smartnews-smri/japan-topography"
TENTHOUSANDTHS = 10_000

Point = tuple[int, int]


def outlines(topology: dict[str, Any], codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return name and rings of each municipality, by its code with the check digit."""
    wanted = {code[:5]: code for code in codes}
    arcs = [_decoded(topology["transform"], arc) for arc in topology["arcs"]]
    found: dict[str, dict[str, Any]] = {}
    (layer,) = topology["objects"].values()
    for shape in layer["geometries"]:
        code = wanted.get(shape["properties"]["N03_007"])
        if code is None:
            continue
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        town = found.setdefault(code, {"name": shape["properties"]["N03_004"], "rings": []})
        town["rings"] += [_ring(arcs, part[0]) for part in parts]
    if missing := set(wanted.values()) - set(found):
        raise SystemExit(f"not in this file: {', '.join(sorted(missing))}")
    return dict(sorted(found.items()))


def _decoded(transform: dict[str, Any], arc: list[list[int]]) -> list[Point]:
    (x_scale, y_scale), (x_from, y_from) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for right, up in arc:
        x, y = x + right, y + up
        points.append(
            (
                round((x * x_scale + x_from) * TENTHOUSANDTHS),
                round((y * y_scale + y_from) * TENTHOUSANDTHS),
            )
        )
    return points


def _ring(arcs: list[list[Point]], numbers: list[int]) -> list[Point]:
    """Return one outer ring; of a negative number the arc ``~number`` is walked backwards."""
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def main() -> None:
    """Read the file, write the outlines."""
    given, name, *codes = sys.argv[1:]
    data = Path(given).read_bytes()
    said = {
        "source": SOURCE,
        "source_en": SOURCE_EN,
        "licence": LICENCE,
        "from": FROM,
        "made_of": Path(given).name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "towns": outlines(json.loads(data), codes),
    }
    to = OUTLINES / f"{name}.json"
    to.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{to.name}: {len(said['towns'])} municipalities, {to.stat().st_size} bytes")


if __name__ == "__main__":
    main()
