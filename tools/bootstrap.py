"""Make the environment .venv and install Niwari into it.

``python3 tools/bootstrap.py`` installs what Niwari runs on, ``--dev`` also what its tests need.
``--installer pip`` does it without uv. A start that finds everything in place does nothing.

Python 3.6 can still read this file, so that who has an old one is told so.
"""

import argparse
import sys


def main():
    """The command line; 1 with one sentence on standard error when .venv cannot be made."""
    if sys.version_info < (3, 11):  # noqa: UP036
        version = sys.version.split()[0]
        print(
            f"error: Niwari needs Python 3.11 or newer and {sys.executable} is {version}: install "
            "a newer one and name it, for example 'make demo PYTHON=python3.12'.",
            file=sys.stderr,
        )
        return 1
    from environment import SetupError, ensure

    parser = argparse.ArgumentParser(description="Make .venv and install Niwari into it.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--installer", choices=("uv", "pip"), default="uv", help="default: uv")
    args = parser.parse_args()
    try:
        ensure("dev" if args.dev else "runtime", args.installer)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The next start installs anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
