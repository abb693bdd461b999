"""Weighs the cycle model's table (src/emit/c/cycle_table.cc) by the instructions that an emulated Cortex-M executes in one
inference of a C project, and the tables of the PyPI package cortex-cycle-budget where it is installed.

An emulator counts instructions, not cycles: these are two models beside each other.
"""
import argparse
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from .build import BuildFailed, compile_network, link_selftest
from .machines import MACHINES
from .project import NotAProject, find

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASSES = ("alu", "multiply", "long_multiply", "load", "next_load", "store", "jump", "vector", "vector_load")
CORES = ("m0", "m3", "m4", "m7", "m33", "m55")
GATHERED = 4  # loads that a gathering one counts for
DIVISION = 8  # cycles, of 2 to 12
JUMP = re.compile(r"(bl?x?|b(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)|cbn?z|tb[bh])(\.[nw])?$")
LOOP = re.compile(r"(le|les|wls|dls|letp|wlstp|dlstp)$")
# Of vectors, that objdump takes for coprocessors'.
UNNAMED_LOADS = re.compile(r"(ldc|stc)2?l?$")
UNNAMED_VECTORS = re.compile(r"(cdp2?|mcrr?2?|mrrc2?|mrc2?|<undefined>)$")
PRODUCT = re.compile(r"(mul|mla|mls|smul|smla|smmul|smmla|smuad|smlad|smlsd|smusd)")
LONG_PRODUCT = re.compile(r"(smull|umull|smlal|umlal|umaal)")


class Instruction:
    """One in the program, with how often it was executed and its jump taken."""

    def __init__(self, word, name, operands, executed, taken):
        self.word, self.name, self.operands, self.executed, self.taken = word, name.lower(), operands, executed, taken
        self.stem = self.name.split(".")[0]

    def words(self):
        """That it loads or stores."""
        if self.stem in ("ldrd", "strd"):
            return 2
        listed = re.search(r"\{(.*)\}", self.operands)
        if not listed:
            return 1
        count = 0
        for part in listed[1].split(","):
            ends = [int(n) for n in re.findall(r"\d+", part)]
            count += ends[1] - ends[0] + 1 if len(ends) == 2 else 1
        return count

    def add_to(self, counts, behind_access):
        """Counts it by class. Whether it accesses memory by other than vectors."""
        n, stem = self.executed, self.stem
        if LOOP.match(stem):
            counts["alu"] += n
        elif UNNAMED_LOADS.match(stem):
            counts["vector_load"] += n * (GATHERED if self.word[:3] in ("ec9", "fc9") else 1)
        elif UNNAMED_VECTORS.match(stem):
            counts["vector"] += n
        elif JUMP.match(self.name):
            counts["jump"] += self.taken
            counts["alu"] += n - self.taken
        elif stem in ("vpush", "vpop", "vldm", "vldmia", "vstm"):
            counts["vector_load"] += n * self.words()
        elif stem.startswith(("vld", "vst")):
            counts["vector_load"] += n * (GATHERED if re.search(r"\[[^\]]*q\d", self.operands) else 1)
        elif stem.startswith("v") and (stem not in ("vmov", "vmrs", "vmsr") or "q" in self.operands):
            counts["vector"] += n
        elif stem.startswith(("ldr", "ldm", "pop")):
            counts["next_load" if behind_access else "load"] += n
            counts["next_load"] += n * (self.words() - 1)
            counts["jump"] += self.taken
            return True
        elif stem.startswith(("str", "stm", "push")):
            counts["store"] += n * self.words()
            return True
        elif LONG_PRODUCT.match(stem):
            counts["long_multiply"] += n
        elif PRODUCT.match(stem):
            counts["multiply"] += n
        else:
            counts["alu"] += n * (DIVISION if stem in ("sdiv", "udiv") else 1)
        return False


def table_of(core):
    """Cycles of each class on a core, from the model's source."""
    text = (ROOT / "src/emit/c/cycle_table.cc").read_text()
    numbers = re.search(rf'\{{"cortex-{core}", \{{[^}}]*\}}, \{{([^}}]*)\}}', text)[1].split(",")
    return dict(zip(CLASSES, [float(n) for n in numbers] + [0.0] * len(CLASSES)))


def executed(machine, program, folder):
    """{address: (executed, taken)} of a run of the self-test."""
    plugin, out = folder / "count.so", folder / "counts.txt"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", plugin, ROOT / "bench/mcu/start/count_plugin.c"], check=True)
    emulator, *options = machine.emulator
    subprocess.run([emulator, "-plugin", f"{plugin},out={out}", "-d", "plugin", *options, str(program)], cwd=folder,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if not out.exists():
        raise BuildFailed(f"{emulator} does not take plugins")
    lines = (line.split() for line in out.read_text().splitlines())
    return {int(address, 16): (int(n), int(t)) for address, n, t in lines}


def functions(program, counts):
    """{function: its instructions that were executed}."""
    text = subprocess.run(["arm-none-eabi-objdump", "-d", program], stdout=subprocess.PIPE, text=True, check=True).stdout
    found, name = collections.defaultdict(list), None
    for line in text.splitlines():
        if begin := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            name = begin[1]
        elif at := re.match(r"\s*([0-9a-f]+):\t([0-9a-f ]+?)\s*\t(\S+)(?:\t(.*))?$", line):
            n, taken = counts.get(int(at[1], 16) & 0xFFFFF, (0, 0))
            if n:
                operands = re.split("[;@]", at[4] or "")[0].strip()
                found[name].append(Instruction(at[2].replace(" ", ""), at[3], operands, n, taken))
    return found


def of_network(function, project):
    """Whether an inference calls it: the network's own, kernels, and what compilers call."""
    return function == project.run or function.startswith(("nw_", "mem", "__aeabi", "__udiv", "__div", "__gnu_thumb"))


def by_class(instructions):
    counts, behind_access = collections.Counter(), False
    for i in instructions:
        behind_access = i.add_to(counts, behind_access)
    return counts


def outside(core, instructions):
    """cortex-cycle-budget's least and most cycles, and the least with 4 for taken jumps; None where it has no table."""
    try:
        from cortex_cycle_budget.timing_model import SUPPORTED_VARIANTS, get_timing, resolve_timing_table
    except ImportError:
        return None
    if core not in SUPPORTED_VARIANTS:
        return None
    table = resolve_timing_table(core)
    least = most = jumping = 0
    for i in instructions:
        low, high = get_timing(i.name, table)
        least += low * i.executed
        most += high * i.executed
        jumping += i.taken * high + (i.executed - i.taken) * low if (low, high) == (1, 4) else low * i.executed
    return least, most, jumping


def main(arguments):
    parser = argparse.ArgumentParser(prog="tools/count_cycles", description=__doc__)
    parser.add_argument("folder", help="what `narrow compile` wrote, with one golden sample")
    parser.add_argument("--core", choices=CORES, required=True)
    parser.add_argument("--opt", default="O2", help="the level of optimization: %(default)s without it")
    parser.add_argument("--name", help="which model, where the folder holds several")
    options = parser.parse_args(arguments)
    machine = MACHINES[options.core]
    for tool in (machine.compiler, machine.emulator[0], "arm-none-eabi-objdump", "gcc"):
        if not shutil.which(tool):
            print(f"count_cycles: {tool} is not installed", file=sys.stderr)
            return 1
    try:
        project = find(options.folder, options.name)
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            objects = compile_network(machine, project, options.opt, folder)
            program = link_selftest(machine, project, objects, options.opt, folder)
            found = functions(program, executed(machine, program, folder))
    except (BuildFailed, NotAProject) as error:
        print(f"count_cycles: {error}", file=sys.stderr)
        return 1
    network = {f: i for f, i in found.items() if of_network(f, project)}
    counts = sum((by_class(i) for i in network.values()), collections.Counter())
    everything = [i for function in network.values() for i in function]
    table = table_of(options.core)
    print(f"instructions: {sum(i.executed for i in everything):,}")
    print("by class: " + ", ".join(f"{c} {counts[c]:,}" for c in CLASSES if counts[c]))
    print(f"cycles by the model's table: {sum(n * table[c] for c, n in counts.items()):,.0f}")
    if other := outside(options.core, everything):
        print("cycles by cortex-cycle-budget: {:,} to {:,}; {:,} with the jumps that were taken".format(*other))
    return 0
