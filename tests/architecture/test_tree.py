"""What must not be in the tree: hosts of package registries, paths of one machine, uv.lock, long
files.

The forbidden strings are put together from pieces, so that this file does not contain them.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 320

# Python's, npm's and Debian's registries, and the networks that serve their files to browsers.
HOSTS = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
        ("esm", "sh"),
    )
)
HOST = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, HOSTS))})(?![\w-])", re.IGNORECASE)

# What stands before tells a path from the root from the middle of another path or an address.
MACHINE_PATH = re.compile(
    r"(?<![\w.~*})\-])/(?:work|root|home/[a-z_][\w.-]*|Users/[A-Za-z][\w.-]*)/"
)

LOCK = re.compile(r"requirements.*\.(?:txt|lock)|package-lock\.json")
ADDRESS = re.compile(r"\w+://\S*")


def tree(root: Path) -> list[Path]:
    """Every file that is tracked, or neither tracked nor ignored."""
    return git_files(root, "--cached", "--others", "--exclude-standard")


def git_files(root: Path, *which: str) -> list[Path]:
    """The files that `git ls-files` names and that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *which], cwd=root, check=True, capture_output=True
    ).stdout.decode()
    return [
        path for name in sorted(set(listed.split("\0")) - {""}) if (path := root / name).is_file()
    ]


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers; none of a binary file."""
    content = path.read_bytes()
    if b"\0" not in content:
        yield from enumerate(content.decode(errors="replace").splitlines(), start=1)


def registry_hosts(paths: Iterable[Path]) -> list[str]:
    """Where files name the host of a package registry."""
    return found(HOST, paths)


def machine_paths(paths: Iterable[Path]) -> list[str]:
    """Where files name an absolute path that exists on one machine only."""
    return found(MACHINE_PATH, paths)


def lock_addresses(paths: Iterable[Path]) -> list[str]:
    """Where lock files name any address: a mirror's is as wrong as a registry's."""
    return found(ADDRESS, (path for path in paths if LOCK.fullmatch(path.name)))


def found(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    """`file:line: match` of a pattern in text files."""
    return [
        f"{path}:{number}: {match[0]}"
        for path in paths
        for number, line in lines(path)
        for match in pattern.finditer(line)
    ]


def tracked_uv_locks(root: Path) -> list[str]:
    """Tracked uv.lock files, which name the host that each file came from."""
    return [str(path) for path in git_files(root, "--cached") if path.name == "uv.lock"]


def long_files(paths: Iterable[Path], root: Path) -> list[str]:
    """Python files of the distributions that are too long; generated migrations may be."""
    return [
        f"{path}: {count} lines, at most {LONGEST}: what in it has no name yet?"
        for path in paths
        if path.suffix == ".py"
        and (parts := path.relative_to(root).parts)[0] in {"core", "plugins"}
        and "migrations" not in parts
        and (count := sum(1 for _ in lines(path))) > LONGEST
    ]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert registry_hosts(tree(ROOT)) == []


def test_no_lock_file_names_an_address() -> None:
    assert lock_addresses(tree(ROOT)) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert machine_paths(tree(ROOT)) == []


def test_uv_lock_is_not_tracked() -> None:
    assert tracked_uv_locks(ROOT) == []


def test_no_python_file_of_a_distribution_is_too_long() -> None:
    assert long_files(tree(ROOT), ROOT) == []


def test_the_tree_is_seen() -> None:
    assert Path(__file__) in tree(ROOT)
    assert ROOT / "core/niwari/__init__.py" in tree(ROOT)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository that ignores the folder var."""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("/var/\n", encoding="utf-8")
    return tmp_path


def test_tracked_and_new_files_are_in_the_tree_but_ignored_and_deleted_ones_are_not(
    repository: Path,
) -> None:
    (repository / "var").mkdir()
    for name in ("tracked", "deleted", "new", "名前", "var/ignored"):
        (repository / name).write_text("", encoding="utf-8")
    subprocess.run(["git", "add", "tracked", "deleted"], cwd=repository, check=True)
    (repository / "deleted").unlink()
    names = {path.name for path in tree(repository)}
    assert names == {".gitignore", "tracked", "new", "名前"}


@pytest.mark.parametrize("host", HOSTS)
def test_a_planted_host_is_found(tmp_path: Path, host: str) -> None:
    planted = tmp_path / "notes.md"
    planted.write_text(f"fine\nfrom https://files.{host.upper()}/x\n", encoding="utf-8")
    assert registry_hosts([planted]) == [f"{planted}:2: {host.upper()}"]


def test_a_name_that_only_resembles_a_host_is_fine(tmp_path: Path) -> None:
    fine = tmp_path / "notes.md"
    fine.write_text(f"my-{HOSTS[0]}\n{HOSTS[0]}anization\npypi\nnpm\n", encoding="utf-8")
    assert registry_hosts([fine]) == []


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"]
)
def test_a_planted_address_in_a_lock_file_is_found(tmp_path: Path, name: str) -> None:
    planted = tmp_path / name
    planted.write_text("--index-url https://mirror.example/simple\n", encoding="utf-8")
    readme = tmp_path / "README.md"
    readme.write_text("https://mirror.example/\n", encoding="utf-8")
    assert lock_addresses([planted, readme]) == [f"{planted}:1: https://mirror.example/simple"]


@pytest.mark.parametrize(
    "pieces", [("work",), ("root",), ("home", "someone"), ("Users", "Someone")], ids="-".join
)
@pytest.mark.parametrize("before", ["", "cd ", '"', "file://", "PATH=", "a:"])
def test_a_planted_path_of_one_machine_is_found(
    tmp_path: Path, pieces: tuple[str, ...], before: str
) -> None:
    path = "/".join(["", *pieces, ""])
    planted = tmp_path / "notes.md"
    planted.write_text(f"fine\n{before}{path}niwari\n", encoding="utf-8")
    assert machine_paths([planted]) == [f"{planted}:2: {path}"]


def test_a_relative_path_and_an_address_are_fine(tmp_path: Path) -> None:
    fine = tmp_path / "notes.md"
    folders = ["/".join(["", name, "x", ""]) for name in ("work", "root", "home")]
    fine.write_text(
        "\n".join(f"docs{path} ..{path} https://town.example{path}" for path in folders),
        encoding="utf-8",
    )
    assert machine_paths([fine]) == []


def test_a_binary_file_is_not_read_as_text(tmp_path: Path) -> None:
    binary = tmp_path / "picture.png"
    binary.write_bytes(b"\x89PNG\0" + HOSTS[0].encode())
    assert registry_hosts([binary]) == []


def test_a_tracked_uv_lock_is_found_and_an_untracked_one_is_not(repository: Path) -> None:
    (repository / "core").mkdir()
    for name in ("uv.lock", "core/uv.lock"):
        (repository / name).write_text("", encoding="utf-8")
    subprocess.run(["git", "add", "core/uv.lock"], cwd=repository, check=True)
    assert tracked_uv_locks(repository) == [str(repository / "core/uv.lock")]


def test_a_long_python_file_of_a_distribution_is_found(tmp_path: Path) -> None:
    sizes = {
        "core/niwari/long.py": LONGEST + 1,
        "plugins/consult/niwari_consult/long.py": LONGEST + 1,
        "core/niwari/enough.py": LONGEST,
        "core/niwari/ledger/migrations/0001_first.py": LONGEST + 1,
        "core/niwari/web/static/niwari.css": LONGEST + 1,
        "tests/test_long.py": LONGEST + 1,
    }
    for name, size in sizes.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n" * size, encoding="utf-8")
    reported = long_files([tmp_path / name for name in sizes], tmp_path)
    assert [line.split(":")[0] for line in reported] == [
        str(tmp_path / "core/niwari/long.py"),
        str(tmp_path / "plugins/consult/niwari_consult/long.py"),
    ]


def test_every_plugin_has_a_journey_for_the_browser() -> None:
    names = {path.parents[1].name for path in ROOT.glob("plugins/*/*/plugin.toml")}
    folder = ROOT / "tests" / "browser"
    assert len(names) == len(list(ROOT.glob("plugins/*/pyproject.toml")))
    assert [name for name in names if not (folder / f"test_{name}_journey.py").exists()] == []
