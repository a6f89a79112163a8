"""The environment .venv: what belongs into it, whether it is there, and how it gets there.

Nothing but Python 3.11+ and pip has to be there: uv comes by pip into .tools/, and where it
cannot be had, pip does the work alone.

What was installed is noted in .venv/niwari.json together with a digest of the lock files and of
the packages' pyproject.toml. While the note holds, a start installs nothing, runs no other
program and needs no network. An interrupted installation leaves a note without a digest.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NOTE = VENV / "niwari.json"
UV_LOCK = ROOT / "tools" / "requirements-uv.lock"
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}

# pip option -> (variable that uv reads, other variables that mean the same to uv).
UV_VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "timeout": ("UV_HTTP_TIMEOUT",),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "proxy": ("ALL_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"),
}


class SetupError(Exception):
    """The environment cannot be made; the message says in one sentence why and what mends it."""


class UvUnavailableError(Exception):
    """uv cannot be had by pip; the message is pip's last line."""


def packages() -> list[Path]:
    """The folders of our own distributions: core first, then each plugin that has a pyproject."""
    plugins = sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))
    return [ROOT / "core", *plugins]


def digest() -> str:
    """The hash of everything that decides what is installed, apart from the interpreter."""
    total = hashlib.sha256()
    for path in [*LOCKS.values(), *(folder / "pyproject.toml" for folder in packages())]:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def place() -> dict[str, str]:
    """What makes .venv belong here: the interpreter's kind, and the folder (scripts name both)."""
    tag = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
    return {"python": tag, "root": str(ROOT)}


def read_note() -> dict[str, str]:
    """The note of the last installation; empty when there is none or it is of another place."""
    try:
        note = json.loads(NOTE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    here = place()
    belongs = isinstance(note, dict) and all(note.get(key) == here[key] for key in here)
    return note if belongs and PYTHON.exists() else {}


def write_note(what: str, installed: str) -> None:
    """Note that the set *what* is installed; an empty *installed* means that it is under way."""
    draft = NOTE.with_suffix(".draft")
    text = json.dumps({**place(), "set": what, "digest": installed}, indent=1)
    draft.write_text(text, encoding="utf-8")
    draft.replace(NOTE)


def run(command: Sequence[object], mend: str, env: dict[str, str] | None = None) -> None:
    """Run *command* in the root; SetupError with *mend* when it fails."""
    try:
        code = subprocess.run([str(word) for word in command], cwd=ROOT, env=env).returncode
    except OSError as error:
        raise SetupError(f"{command[0]} could not be started ({error}): {mend}.") from error
    if code:
        shown = " ".join(str(word) for word in command[:4])
        raise SetupError(f"'{shown} …' failed with code {code}, see above: {mend}.")


def pip_environment() -> dict[str, str]:
    """The environment for pip: settings that forbid an installation into a folder are lifted."""
    return {
        **os.environ,
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }


def pip_settings() -> dict[str, str]:
    """The user's configuration of pip, option -> value, as ``pip config list`` tells it.

    A variable PIP_… goes before the [install] section, that before [global], as in pip itself.
    """
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        env=pip_environment(),
    ).stdout
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        match = re.fullmatch(r"(global|install|:env:)\.([\w-]+)=('.*'|\".*\")", line)
        if match:
            sections[match[1]][match[2]] = ast.literal_eval(match[3])
    return {**sections["global"], **sections["install"], **sections[":env:"]}


def uv_environment(pip: dict[str, str], environ: dict[str, str]) -> dict[str, str]:
    """*environ* with the settings of *pip* in uv's words; what is already set for uv stays.

    uv reads no configuration of pip, and behind a mirror nothing could be installed without it.
    """
    result = {**environ, "UV_PYTHON_DOWNLOADS": "never"}
    for name in ("UV_SYSTEM_PYTHON", "UV_PYTHON", "VIRTUAL_ENV"):
        result.pop(name, None)
    for option, (variable, *synonyms) in UV_VARIABLES.items():
        words = pip.get(option, "").split()
        if option == "find-links":
            # pip passes over a folder that is not there, uv stops at it.
            words = [word for word in words if "://" in word or Path(word).exists()]
        if words and not any(name in environ for name in (variable, *synonyms)):
            result[variable] = ("," if option == "find-links" else " ").join(words)
    if "extra-index-url" in pip:
        # pip looks at all indexes together, uv at the first that knows the name. The lock's
        # hashes keep a stranger's package of the same name out either way.
        result.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return result


def get_uv() -> Path:
    """The uv that tools/requirements-uv.lock pins; pip fetches it into .tools/ when missing.

    Raises UvUnavailableError where pip has none, SetupError where there is no pip.
    """
    lock = UV_LOCK.read_bytes()
    version = lock.split()[0].decode().partition("==")[2]
    folder = ROOT / ".tools" / f"uv-{version}-{hashlib.sha256(lock).hexdigest()[:8]}"
    names = [Path("bin/uv"), Path("bin/uv.exe"), Path("Scripts/uv.exe")]
    if not folder.exists():
        require_pip()
        folder.parent.mkdir(exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="uv-", dir=folder.parent))
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(UV_LOCK)]
        command += ["--target", str(draft)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, env=pip_environment())
            if done.returncode:
                lines = done.stderr.strip().splitlines()
                raise UvUnavailableError(lines[-1] if lines else f"pip's code {done.returncode}")
            draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    for name in names:
        if (folder / name).exists():
            return folder / name
    raise UvUnavailableError(f"no uv program in {folder}")


def require_pip() -> None:
    """SetupError when this Python has no pip."""
    command = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(command, capture_output=True).returncode:
        raise SetupError(
            f"{sys.executable} has no pip: install it (on Debian and Ubuntu 'apt-get install "
            "python3-pip', elsewhere 'python3 -m ensurepip --user') and run the command again."
        )


def install_with_uv(uv: Path, what: str, fresh: bool) -> None:
    """Bring .venv to exactly the lock of the set *what*, and our own packages as editable."""
    mend = (
        "check the network and pip's configuration (index-url, cert, proxy), "
        "then run the command again, or once with INSTALLER=pip"
    )
    pip = pip_settings()
    env = uv_environment(pip, dict(os.environ))
    flags = ["--no-index"] if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"} else []
    if fresh:
        # --force: what an interrupted start left behind may not look like an environment.
        command = [uv, "venv", "--quiet", "--clear", "--force", "--python", sys.executable, VENV]
        run(command, f"remove {VENV} and run the command again", env)
    write_note(what, "")
    to = ["--quiet", "--python", PYTHON]
    run([uv, "pip", "sync", *to, *flags, "--require-hashes", LOCKS[what]], mend, env)
    own = [word for folder in packages() for word in ("--editable", folder)]
    run([uv, "pip", "install", *to, *flags, "--no-deps", *own], mend, env)


def install_with_pip(what: str) -> None:
    """The same without uv: a new .venv each time, as pip removes nothing that has left the lock.

    The environment needs no pip of its own (Debian's Python cannot give it one without a further
    package): this Python's pip installs into it.
    """
    from editable_wheel import build

    require_pip()
    mend = (
        "check the network and pip's configuration (index-url, cert, proxy), "
        "then run the command again"
    )
    venv = [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]
    run(venv, f"remove {VENV} and run the command again")
    write_note(what, "")
    pip = [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet"]
    env = pip_environment()
    run([*pip, "--require-hashes", "--requirement", LOCKS[what]], mend, env)
    with tempfile.TemporaryDirectory() as folder:
        wheels = [build(package, Path(folder)) for package in packages()]
        run([*pip, "--no-deps", "--no-index", *wheels], mend, env)


def ensure(what: str, installer: str = "uv") -> None:
    """Bring .venv to the set *what* ("runtime" or "dev"), or do nothing when it already is.

    The test set includes the runtime set, and an environment that once had it keeps it.
    """
    note = read_note()
    wanted = "dev" if note.get("set") == "dev" else what
    now = digest()
    if note.get("digest") == now and note.get("set") == wanted:
        return
    began = time.monotonic()
    print(f"Installing Niwari's {wanted} packages into {VENV} …", flush=True)
    uv = None
    if installer == "uv":
        try:
            uv = get_uv()
        except UvUnavailableError as error:
            print(f"uv cannot be had ({error}); going on with pip alone.", flush=True)
    if uv:
        install_with_uv(uv, wanted, fresh=not note)
    else:
        install_with_pip(wanted)
    write_note(wanted, now)
    print(f"Installed in {time.monotonic() - began:.1f} s.", flush=True)
