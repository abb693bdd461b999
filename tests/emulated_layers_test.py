"""Random layers of the kernels for particular chips, on these chips emulated: the bytes of the portable kernels, and
nothing written beside them, as each optimization of the compiler makes them."""
import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
WRITER = ROOT / "build" / "tests" / "narrow_emulated_layers"
SEED = int(os.environ.get("NARROW_SEED", "20261130"))
LAYERS = int(os.environ.get("NARROW_LAYERS", "2000"))
IN_FLASH = 2000  # layers that a chip's flash holds at once
RECURRENT_EVERY = 10  # recurrent layers are large: for so many of the others one is run

sys.path.insert(0, str(ROOT))

from bench.mcu.build import START, command, compile_all
from bench.mcu.machines import MACHINES
from bench.mcu.run import absent_tool

# Which kernels, the chip, and optimizations. Code for a Cortex-M0 runs on a board with a Cortex-M3, which has more memory.
CHIPS = (("dsp", MACHINES["m4"], ("O2", "Os", "O3")),
         ("widths", MACHINES["m4"], ("O2", "Os")),
         ("dsp", MACHINES["m55"], ("Os",)),
         ("widths", MACHINES["m55"], ("O2", "Os")),
         ("recurrent", MACHINES["m4"], ("O2", "Os")),
         ("recurrent", MACHINES["m55"], ("Os",)),
         ("helium", MACHINES["m55"], ("O2", "Os")),
         ("helium-recurrent", MACHINES["m55"], ("O2", "Os")),
         ("blocked", MACHINES["m3"], ("O2", "Os")),
         ("blocked", dataclasses.replace(MACHINES["m3"], title="Cortex-M0 code", flags=("-mthumb", "-mcpu=cortex-m0")),
          ("O2", "Os")),
         ("blocked", MACHINES["riscv32"], ("O2",)))


def program(machine, folder, sources, optimization):
    """Links the layers in `folder` with the kernels in `sources`."""
    built = folder / optimization
    built.mkdir()
    where = [f"-I{START}", f"-I{ROOT / 'kernels'}", f"-I{folder}", f"-Wa,-I{folder}"]
    kernels = compile_all(machine, [ROOT / "kernels" / s for s in sources], ["-" + optimization, *where],
                          built / "kernels")
    rest = compile_all(machine, [ROOT / "tests" / "emulated_layers.c"], ["-O1", *where], built / "rest")
    start = compile_all(machine, [START / s for s in machine.start], ["-O1", *where, *machine.start_flags],
                        built / "start")
    library = compile_all(machine, [START / s for s in machine.library], ["-O1", *machine.library_flags],
                          built / "library")
    linked = built / "layers.elf"
    command(machine.compiler, *machine.flags, *machine.link, "-T", START / machine.script, *machine.memory.symbols(),
            "-Wl,--gc-sections", *start, *rest, *kernels, *library, *machine.libraries, "-o", linked)
    return linked


class EmulatedLayers(unittest.TestCase):
    def run_layers(self, kind, machine, optimizations):
        counts = {}
        recurrent = "recurrent" in kind
        count, at_once = (LAYERS // RECURRENT_EVERY, IN_FLASH // 4) if recurrent else (LAYERS, IN_FLASH)
        for first in range(0, count, at_once):
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                made = subprocess.run([WRITER, folder, kind, str(min(at_once, count - first)), str(SEED + first)],
                                      stdout=subprocess.PIPE, text=True, check=True)
                rows = [line.split() for line in made.stdout.splitlines()]
                sources = sorted({source for _, source, _ in rows})
                for kernel, _, layers in rows:
                    counts[kernel] = counts.get(kernel, 0) + int(layers)
                for optimization in optimizations:
                    linked = program(machine, folder, sources, optimization)
                    done = subprocess.run([*machine.emulator, linked], stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
                    written = sum(int(n) for _, _, n in rows)
                    said = [line for line in done.stdout.splitlines() if "warning" not in line]
                    self.assertEqual((done.returncode, said), (0, [f"{written} layers, 0 wrong"]),
                                     f"{machine.title}, -{optimization}, NARROW_SEED={SEED}")
        print(f"{machine.title}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items())))

    def test_same_bytes_on_the_chip(self):
        for kind, machine, optimizations in CHIPS:
            with self.subTest(machine.title):
                if absent := absent_tool(machine):
                    self.skipTest(f"{absent} is not installed")
                self.run_layers(kind, machine, optimizations)
