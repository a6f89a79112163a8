"""Vendored files are those that were fetched: every one listed, none changed, none extra."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = "VENDOR.sha256"
SHIPPED = ROOT / "core/niwari/web/static/vendor"
FOR_TESTS = ROOT / "core/niwari/testing/vendor"


def vendor_folders(root: Path) -> list[Path]:
    """Every folder called vendor in the distributions and the tests."""
    return sorted(
        path
        for top in ("core", "plugins", "tests")
        for path in (root / top).rglob("vendor")
        if path.is_dir()
    )


def problems(vendor: Path) -> list[str]:
    """What is wrong with the files of a vendor folder, measured by its list of SHA-256 sums."""
    if not (vendor / LIST).is_file():
        return [f"{vendor.name}: has no {LIST}"]
    listed = {}
    for line in (vendor / LIST).read_text(encoding="utf-8").splitlines():
        checksum, _, name = line.partition("  ")
        listed[name] = checksum
    present = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path != vendor / LIST
    }
    return [
        *(f"{name}: listed but missing" for name in sorted(listed.keys() - present.keys())),
        *(f"{name}: not listed" for name in sorted(present.keys() - listed.keys())),
        *(
            f"{name}: changed"
            for name in sorted(listed.keys() & present.keys())
            if listed[name] != present[name]
        ),
    ]


def test_the_vendor_folders_of_the_tree_are_found() -> None:
    found = vendor_folders(ROOT)
    assert SHIPPED in found
    assert FOR_TESTS in found


def test_vendored_files_are_as_listed() -> None:
    for vendor in vendor_folders(ROOT):
        assert problems(vendor) == [], vendor


def test_each_vendored_package_has_its_licence_and_a_line_that_says_why() -> None:
    for vendor in vendor_folders(ROOT):
        index = (vendor / "VENDOR.md").read_text(encoding="utf-8")
        for package in (path for path in vendor.iterdir() if path.is_dir()):
            name, version = package.name.split("@")
            assert (package / "LICENSE").is_file(), package
            assert any(
                name in row and f" {version} " in row
                for row in index.splitlines()
                if row.startswith("| ")
            ), package


def test_the_folders_have_the_versions_that_the_vendoring_script_pins() -> None:
    manifest = json.loads((ROOT / "tools/vendor/package.json").read_text(encoding="utf-8"))
    pinned = sorted(manifest["dependencies"].values())
    folders = [path.name for vendor in (SHIPPED, FOR_TESTS) for path in vendor.glob("*@*")]
    assert sorted(name.split("@")[1] for name in folders) == pinned


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """A vendor folder with one file, as listed."""
    (tmp_path / "thing@1.0").mkdir()
    (tmp_path / "thing@1.0/thing.js").write_bytes(b"thing()")
    checksum = hashlib.sha256(b"thing()").hexdigest()
    (tmp_path / LIST).write_text(f"{checksum}  thing@1.0/thing.js\n", encoding="utf-8")
    return tmp_path


def test_a_folder_as_listed_has_no_problem(vendor: Path) -> None:
    assert problems(vendor) == []


def test_a_changed_file_is_a_problem(vendor: Path) -> None:
    (vendor / "thing@1.0/thing.js").write_bytes(b"thing();")
    assert problems(vendor) == ["thing@1.0/thing.js: changed"]


def test_an_extra_file_is_a_problem(vendor: Path) -> None:
    (vendor / "thing@1.0/more.js").write_bytes(b"")
    assert problems(vendor) == ["thing@1.0/more.js: not listed"]


def test_a_missing_file_is_a_problem(vendor: Path) -> None:
    (vendor / "thing@1.0/thing.js").unlink()
    assert problems(vendor) == ["thing@1.0/thing.js: listed but missing"]


def test_a_folder_without_a_list_is_a_problem(vendor: Path) -> None:
    (vendor / LIST).unlink()
    assert problems(vendor) == [f"{vendor.name}: has no {LIST}"]
