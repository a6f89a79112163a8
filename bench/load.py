"""wrk, one target at a time, in rounds whose order rotates."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.installation import Page
from bench.servers import Server, ServerFailed, check

MEND = (
    "wrk is not there. Install it (Debian and Ubuntu: apt-get install wrk; macOS: brew install "
    "wrk), then run make bench again."
)
_SIZES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_TOTAL = re.compile(r"(\d+) requests in [\d.]+\w+, ([\d.]+)(B|KB|MB|GB) read")
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_PERCENTILE = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)
# wrk rounds what it read to two digits, and the last answers are cut off.
_SIZE_TOLERANCE = 0.1


class MeasurementFailed(RuntimeError):
    """wrk could not run, or what it got were not the pages; the message says which."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One short run: requests a second, latency in milliseconds, bytes of an average answer."""

    rate: float
    p50: float
    p99: float
    size: float


@dataclass(slots=True)
class Target:
    """A page on a server, and its sample of each round."""

    page: Page
    server: Server
    size: int = 0
    samples: list[Sample] = field(default_factory=list)

    def ratios(self, floor: "Target") -> list[float]:
        """Return the rate beside the floor's of the same round, for each round."""
        return [s.rate / f.rate for s, f in zip(self.samples, floor.samples, strict=True)]

    def median(self, what: str) -> float:
        """Return the median of ``rate``, ``p50`` or ``p99`` over the rounds."""
        return float(median(getattr(sample, what) for sample in self.samples))


def require_wrk() -> str:
    """Return the path of wrk; raises ``MeasurementFailed`` with the mend where there is none."""
    found = shutil.which("wrk")
    if found is None:
        raise MeasurementFailed(MEND)
    return found


def wrk_version(wrk: str) -> str:
    """Return what wrk calls itself."""
    said = subprocess.run([wrk, "-v"], capture_output=True, text=True, timeout=10, check=False)
    return " ".join((said.stdout + said.stderr).split()[:2])


def parse(output: str) -> Sample:
    """Read what ``wrk --latency`` printed.

    Raises ``MeasurementFailed`` where an answer was an error, a connection broke, or nothing was
    answered.
    """
    for trouble in ("Non-2xx or 3xx responses", "Socket errors"):
        if trouble in output:
            raise MeasurementFailed(f"wrk reports {trouble!r}:\n{output}")
    total, rate = _TOTAL.search(output), _RATE.search(output)
    latency = {
        percent: float(value) * _MILLISECONDS[unit]
        for percent, value, unit in _PERCENTILE.findall(output)
    }
    if total is None or rate is None or not int(total[1]) or {"50", "99"} - set(latency):
        raise MeasurementFailed(f"wrk measured nothing:\n{output}")
    return Sample(
        rate=float(rate[1]),
        p50=latency["50"],
        p99=latency["99"],
        size=float(total[2]) * _SIZES[total[3]] / int(total[1]),
    )


def run(wrk: str, target: Target, seconds: int, connections: int) -> Sample:
    """Load one target for ``seconds`` over ``connections`` connections, and check its answers.

    Raises ``MeasurementFailed`` also where the answers have another size than the checked page:
    then it is another page.
    """
    command = [
        *(wrk, "--latency", "--threads", "1", "--connections", str(connections)),
        *("--duration", f"{seconds}s", "--timeout", "10s"),
        *("--header", f"Cookie: {target.server.cookie}"),
        target.server.address(target.page),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 30, check=False
    )
    if done.returncode:
        raise MeasurementFailed(f"wrk ended with {done.returncode}:\n{done.stderr}")
    sample = parse(done.stdout)
    if abs(sample.size / target.size - 1) > _SIZE_TOLERANCE:
        raise MeasurementFailed(
            f"{target.page.name}: an average answer had {sample.size:.0f} bytes under load, "
            f"but {target.size} when it was checked; it is not the same page"
        )
    return sample


def measure(
    wrk: str, targets: Sequence[Target], *, rounds: int, seconds: int, connections: int
) -> None:
    """Fill the samples of ``targets``: each once in a round, each round beginning with another.

    Before it, every page is checked and warmed up for a second; after it, checked again.
    """
    for target in targets:
        target.size = check(target.server, target.page)
        run(wrk, target, 1, connections)
    for number in range(rounds):
        at = number % len(targets)
        for target in (*targets[at:], *targets[:at]):
            sample = run(wrk, target, seconds, connections)
            target.samples.append(sample)
            print(
                f"  round {number + 1}/{rounds}  {target.page.name:<15}"
                f"{sample.rate:8.1f} req/s  p99 {sample.p99:6.1f} ms",
                flush=True,
            )
    for target in targets:
        check(target.server, target.page)


__all__ = ["MeasurementFailed", "Sample", "ServerFailed", "Target", "measure", "parse"]
