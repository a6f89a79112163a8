"""Print the Python that make works with: that of the command line, or the system's where it is faster.

A distribution builds its Python with profile-guided optimisation. One that was compiled by hand or by
a version manager often is not, and all tests take a fifth longer with it. ``PYTHON=…`` decides before
this is asked.
"""

import subprocess
import sys
import sysconfig

SYSTEM = "/usr/bin/python3"
# What an environment is made with must be there, and packages that run on one version need not on another.
_FITS = "import sys, pip, venv; sys.exit(sys.version_info[:2] != {!r})"


def is_optimised(arguments, prefix):
    """Tell whether a Python was built for speed, by its arguments to configure and its folder."""
    return "--enable-optimizations" in arguments or prefix == "/usr"


def fits(path, version):
    """Tell whether the Python at ``path`` is of ``version`` (3, 11) and can make an environment."""
    try:
        code = subprocess.call(
            [path, "-c", _FITS.format(tuple(version))],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return code == 0


def main():
    """Print one path."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    stays = is_optimised(arguments, sys.base_prefix) or not fits(SYSTEM, sys.version_info[:2])
    print(sys.executable if stays else SYSTEM)


if __name__ == "__main__":
    main()
