"""Random networks of all widths as emitted C: compiled with sanitizers, they give what the simulator gives."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
EMITTER = ROOT / "build" / "tests" / "narrow_random_networks"
FLAGS = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-O1", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=all"]
COUNT = int(os.environ.get("NARROW_NETWORKS", "600"))
SEED = int(os.environ.get("NARROW_SEED", "20261130"))
IN_ONE_FILE = 10  # networks that one call of the compiler takes
# Constants in an address space of their own, which clang lets nobody take for another, as those of AVR are.
ADDRESS_SPACES = ["-std=gnu99", "-Wall", "-Werror", "-fsyntax-only", "-DNW_FLASH=__attribute__((address_space(1)))"]
OF_CHIPS = re.compile("nw_dsp_|nw_helium_|nw_blocked_|/dsp_|/helium_|/blocked_")
IN_ADDRESS_SPACES = int(os.environ.get("NARROW_ADDRESS_SPACES", "120"))  # networks


def compile_all(folder, jobs):
    """Runs the compiler for (source text or file, object) pairs, as many at a time as there are processors."""

    def one(job):
        source, output = job
        done = subprocess.run(["cc", *FLAGS, "-c", source, "-o", output], cwd=folder, capture_output=True, text=True)
        return done.stderr if done.returncode else ""

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [text for text in pool.map(one, jobs) if text]


class RandomNetworksTest(unittest.TestCase):
    def test_emitted_networks_give_what_the_simulator_gives(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            made = subprocess.run([EMITTER, folder, str(COUNT), str(SEED)], capture_output=True, text=True, check=True)
            networks = sorted(int(re.sub(r"\D", "", p.name)) for p in folder.glob("selftest_n*.c"))
            self.assertGreater(len(networks), COUNT * 0.8, made.stdout)
            jobs = [(f"kernels/{p.name}", f"kernels/{p.stem}.o") for p in folder.glob("kernels/*.c")]
            parts = []
            for first in range(0, len(networks), IN_ONE_FILE):
                part = networks[first : first + IN_ONE_FILE]
                for i in part:
                    text = (folder / f"selftest_n{i}.c").read_text()
                    # All self-tests become functions of one program, with names of their own.
                    for word in ("main", "wrong", "arena", "SAMPLES", r"input_\d+", r"expected_\d+", "unaligned"):
                        text = re.sub(rf"(?<![\w.])({word})\b(?!\.)", rf"\1_n{i}", text)
                    text = text.replace(f"int main_n{i}(void) {{", f"int main_n{i}(void);\nint main_n{i}(void) {{")
                    (folder / f"selftest_n{i}.c").write_text(text)
                    jobs.append((f"n{i}.c", f"n{i}.o"))
                source = folder / f"part{first}.c"
                source.write_text("".join(f'#include "selftest_n{i}.c"\n' for i in part))
                jobs.append((source.name, f"part{first}.o"))
                parts.append(first)
            if shutil.which("clang"):
                # Chips with kernels of their own have one address space.
                plain = [i for i in networks if not OF_CHIPS.search((folder / f"n{i}.c").read_text())]
                some = [f"n{i}.c" for i in plain[:IN_ADDRESS_SPACES]]
                some += [source for source, _ in jobs if source.startswith("kernels/") and not OF_CHIPS.search(source)]
                done = subprocess.run(["clang", *ADDRESS_SPACES, *some], cwd=folder, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), f"NARROW_SEED={SEED}")
            calls = "".join(f'  if (main_n{i}()) {{ printf("network {i} is wrong\\n"); ++wrong; }}\n' for i in networks)
            declared = "".join(f"int main_n{i}(void);\n" for i in networks)
            (folder / "all.c").write_text(
                f"#include <stdio.h>\n{declared}int main(void) {{\n  int wrong = 0;\n{calls}  return wrong != 0;\n}}\n")
            jobs.append(("all.c", "all.o"))
            failed = compile_all(folder, jobs)
            self.assertEqual(failed, [], f"NARROW_SEED={SEED}")
            objects = [str(p) for p in folder.rglob("*.o")]
            (folder / "objects").write_text("\n".join(objects))
            subprocess.run(["cc", *FLAGS, f"@{folder / 'objects'}", "-o", "all"], cwd=folder, check=True)
            done = subprocess.run([folder / "all"], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""), f"NARROW_SEED={SEED}")
            print(f"{len(networks)} networks of seed {SEED}: " + ", ".join(made.stdout.split("\n")).strip(", "))


if __name__ == "__main__":
    unittest.main()
