"""Builds the C project that `narrow compile` has written for emulated chips, runs its self-test there, and measures the
network.

A row says for a chip whether the self-test passed, what an inference takes (of the first golden input), bytes of code
and constants, bytes of the compiler's and C library's functions that the network calls, of the arena, and of stack.
"""
import argparse
import dataclasses
import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from .build import BuildFailed, compile_network, link_selftest, weigh
from .machines import MACHINES
from .project import NotAProject, find

FAULT = 99  # CHIP_FAULT of start/chip.h
LIMIT_S = 300
COLUMNS = ("core", "opt", "self-test", "instructions", "cycles", "code", "const", "library", "arena", "stack")


@dataclasses.dataclass(frozen=True)
class Result:
    """A row; None is what was not measured."""
    core: str
    machine: str
    optimization: str  # "O2"
    status: str  # "passed", "failed" or "skipped"
    reason: str | None = None  # of a failure or a skip
    compiler: str | None = None
    instructions: int | None = None  # from the first instruction of NAME_run to its return, of the first run
    cycles: int | None = None  # the same, where the emulator counts cycles instead
    most: int | None = None  # instructions or cycles of the run that took most
    runs: int | None = None
    code_bytes: int | None = None
    const_bytes: int | None = None
    library_bytes: int | None = None
    data_bytes: int | None = None
    bss_bytes: int | None = None
    arena_bytes: int | None = None
    stack_bytes: int | None = None  # the most that a run wrote to below the stack pointer of its caller


def absent_tool(machine):
    return next((tool for tool in (machine.compiler, machine.emulator[0]) if shutil.which(tool) is None), None)


@functools.lru_cache
def version(machine):
    done = subprocess.run([machine.compiler, "--version"], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[0]


@dataclasses.dataclass(frozen=True)
class Measured:
    """What a program wrote about its runs."""
    arena: int
    counts: list  # instructions or cycles of each run; None where nothing counts them
    stack: int
    full: bool  # whether a run wrote to all the memory below the stack


def traced(path, hertz):
    """Cycles of the windows in a .vcd file of simavr: the changes of the traced register, two and two."""
    text = path.read_text()
    unit_s = int(re.search(r"\$timescale (\d+)ns", text)[1]) * 1e-9
    changes, now, last = [], 0, 0
    for line in text.splitlines():
        if line.startswith("#"):
            now = int(line[1:])
        elif re.match("b[01]+ ", line):
            value = int(line.split()[0][1:], 2)
            if value != last:
                changes.append(now)
            last = value
    return [round((end - start) * unit_s * hertz) for start, end in zip(changes[::2], changes[1::2])]


def execute(machine, program, limit):
    """What a program under its emulator ended with, and the lines that were written."""
    done = subprocess.run([*machine.emulator, program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=limit, cwd=program.parent,
                          check=False)
    lines = [line.removeprefix("O:") for line in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).splitlines()]
    if not machine.exit_line:
        return done.returncode, lines
    return next((int(line.split()[1]) for line in lines if line.startswith("exit ")), FAULT), lines


def whole_ticks(counter, ticks, slow_ticks):
    """`ticks`, known modulo 2^32, as the number next to what the slow counter says."""
    about = slow_ticks * counter.ticks_per_slow_tick if counter and counter.ticks_per_slow_tick else ticks
    return ticks + round((about - ticks) / 2**32) * 2**32


def read_lines(machine, lines, folder):
    values = {"arena": [], "empty": [], "run": []}
    for line in lines:
        words = line.split()
        if words and words[0] in values and all(w.isdigit() for w in words[1:]):
            values[words[0]].append([int(w) for w in words[1:]])
    if not values["run"]:
        return None
    counter = machine.counter
    if counter and counter.trace:
        ticks = traced(folder / counter.trace, counter.hertz)
    else:
        ticks = [whole_ticks(counter, *v[:2]) for v in values["empty"] + values["run"]]
    counts = [None] * len(values["run"])
    if counter:
        empty, *runs = (round(t / counter.ticks_per_count) for t in ticks)
        counts = [r - empty + counter.empty for r in runs]
    return Measured(values["arena"][0][0], counts, max(v[2] for v in values["run"]),
                    any(v[2] >= v[3] for v in values["run"]))


def verdict(code, lines, measured, sizes):
    """Why a run is a failure; None of one that passed."""
    if code == FAULT:
        return "the processor ran into a fault, or ended before main() did"
    if measured and measured.full:
        return "does not fit: the stack ran into the variables below it"
    if code == 1:
        return "the self-test says that an output is wrong"
    if code != 0:
        return f"the emulator ended with {code}: {(lines or ['nothing was written'])[-1]}"
    if measured is None:
        return "the self-test did not run the network"
    if sizes.data or sizes.bss:
        return f"the network has static variables: {sizes.data} bytes of .data, {sizes.bss} of .bss"
    return None


def run(project_dir, core, opt="O2", name=None, limit=LIMIT_S):
    """Builds the project and runs its self-test on a core of MACHINES; `name` says which model where there are several.
    Raises NotAProject; everything else that goes wrong is the reason of the row."""
    project, machine, opt = find(project_dir, name), MACHINES[core], opt.removeprefix("-")
    row = Result(core, machine.title, opt, "skipped")
    if absent := absent_tool(machine):
        return dataclasses.replace(row, reason=f"no {absent}")
    row = dataclasses.replace(row, status="failed", compiler=version(machine))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        try:
            objects = compile_network(machine, project, opt, folder)
            sizes = weigh(machine, project, objects, folder)
            row = dataclasses.replace(row, **{f"{k}_bytes": v for k, v in dataclasses.asdict(sizes).items()})
            program = link_selftest(machine, project, objects, opt, folder)
            code, lines = execute(machine, program, limit)
        except BuildFailed as failure:
            return dataclasses.replace(row, reason=str(failure))
        except subprocess.TimeoutExpired:
            return dataclasses.replace(row, reason=f"the program had not ended after {limit} s")
        measured = read_lines(machine, lines, folder)
    reason = verdict(code, lines, measured, sizes)
    row = dataclasses.replace(row, status="failed" if reason else "passed", reason=reason)
    if measured:
        row = dataclasses.replace(row, arena_bytes=measured.arena, stack_bytes=measured.stack,
                                  runs=len(measured.counts))
        if machine.counter:
            row = dataclasses.replace(row, most=max(measured.counts), **{machine.counter.unit: measured.counts[0]})
    return row


def cells(r):
    values = ("-" + r.optimization, r.status, r.instructions, r.cycles, r.code_bytes, r.const_bytes, r.library_bytes,
              r.arena_bytes, r.stack_bytes)
    return [r.core] + ["-" if v is None else f"{v:,}" if isinstance(v, int) else v for v in values]


def table(results):
    rows = [COLUMNS, *map(cells, results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    for row, result in zip(rows, [None, *results]):
        aligned = [text.ljust(w) if i < 3 else text.rjust(w) for i, (text, w) in enumerate(zip(row, widths))]
        yield "  ".join(aligned) + (f"  {result.reason}" if result and result.reason else "")


def main(arguments):
    parser = argparse.ArgumentParser(prog="run_on_chip", description=__doc__.split("\n\n")[0],
                                     epilog="example: tools/run_on_chip kws/ --core m4 m55 --opt O2 Os")
    parser.add_argument("project", metavar="DIR", help="a folder that `narrow compile` has written")
    parser.add_argument("--core", nargs="+", choices=MACHINES, default=list(MACHINES), metavar="CORE",
                        help=f"{', '.join(MACHINES)}; all of them without this")
    parser.add_argument("--opt", nargs="+", default=["O2"], metavar="LEVEL", help="O2 (the default), Os, O3 ...")
    parser.add_argument("--name", help="which model, where the folder holds several")
    parser.add_argument("--limit", type=int, default=LIMIT_S, metavar="SECONDS", help=f"for each run; {LIMIT_S} without this")
    parser.add_argument("--json", action="store_true", help="the rows as a JSON list")
    options = parser.parse_args(arguments)
    try:
        results = [run(options.project, core, opt, options.name, options.limit)
                   for core in options.core for opt in options.opt]
    except NotAProject as error:
        print(f"run_on_chip: error: {error}", file=sys.stderr)
        return 2
    counts = {s: sum(r.status == s for r in results) for s in ("passed", "failed", "skipped")}
    if options.json:
        print(json.dumps([dataclasses.asdict(r) for r in results], indent=2))
    else:
        print(*table(results), sep="\n")
        print(", ".join(f"{n} {status}" for status, n in counts.items()))
    return 0 if counts["passed"] and not counts["failed"] else 1
