"""What processes take: wall time, processor time, peak memory; and how that grows with samples."""
import dataclasses
import json
import os
import statistics
import subprocess
import sys

from .environment import NARROW, ROOT, SCRATCH, SPAWN


class Failed(Exception):
    """A measured command failed; the text is what it said."""


@dataclasses.dataclass(frozen=True)
class Cost:
    wall: float  # seconds
    cpu: float  # seconds of all its threads, user and system
    memory: int  # most bytes resident
    output: str

    @property
    def json(self):
        return json.loads(self.output)


def run(*command):
    """Runs a command in a fresh process."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    report = SCRATCH / f"report_{os.getpid()}"
    done = subprocess.run([SPAWN, report, *map(str, command)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"narrow_spawn: {done.stderr.strip()}")
    wall, cpu, memory, code = report.read_text().split()
    report.unlink()
    if int(code):
        said = done.stderr.strip().splitlines() or ["nothing said"]
        # A traceback ends in what happened; narrow says it first.
        raise Failed(f"exit code {code}: {said[-1] if said[0].startswith('Traceback') else said[0]}")
    return Cost(float(wall), float(cpu), int(memory), done.stdout)


def narrow(*arguments):
    return run(NARROW, *arguments)


def peer(module, *arguments, python=sys.executable):
    """Runs bench/peers/MODULE.py."""
    return run(python, "-m", f"bench.peers.{module}", *arguments)


def in_turn(rounds, jobs):
    """Runs every job once a round, so that what else the machine does falls on all of them; {name: its results}."""
    results = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            results[name].append(job())
    return results


def median(costs, of):
    return statistics.median(getattr(c, of) for c in costs)


@dataclasses.dataclass(frozen=True)
class Growth:
    """How a cost grows with samples."""
    wall: float  # seconds a sample
    cpu: float  # seconds a sample
    memory_few: int
    memory_many: int


def growth(few, many, job):
    """A job for `in_turn` out of `job`, samples -> Cost: starting up costs both of its runs the same."""
    def pair():
        a, b = job(few), job(many)
        return Growth((b.wall - a.wall) / (many - few), (b.cpu - a.cpu) / (many - few), a.memory, b.memory)

    return pair
