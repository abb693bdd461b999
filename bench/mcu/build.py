"""Builds a project's self-test for a machine, and weighs the network in it."""
import dataclasses
import pathlib
import subprocess

START = pathlib.Path(__file__).resolve().parent / "start"
# Sections by the beginnings of their names; what is left (debugging, comments, attributes) never reaches a chip.
KINDS = {"code": (".text",), "const": (".rodata", ".srodata", ".progmem"), "data": (".data", ".sdata"),
         "bss": (".bss", ".sbss", "COMMON")}


class BuildFailed(Exception):
    """The text is the first line with which the compiler or linker says why."""


@dataclasses.dataclass(frozen=True)
class Sizes:
    """Bytes of the network: NAME.c and the kernels, without functions that nothing calls."""
    code: int
    const: int
    data: int
    bss: int
    library: int  # code and constants of the compiler's and C library's functions that the network calls


def command(*words):
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"{words[0]} ended with {done.returncode}"]
        overflow = next((line for line in lines if "overflowed" in line), None)
        if overflow:
            raise BuildFailed("does not fit: " + overflow.split("ld: ")[-1].strip())
        telling = (line for line in lines if "error:" in line or "undefined" in line)
        raise BuildFailed(next(telling, lines[0]).strip())
    return done.stdout


def compile_all(machine, sources, flags, folder):
    """The objects of `sources`, in `folder`; sources of different folders may have the same name."""
    folder.mkdir()
    objects = []
    for number, source in enumerate(sources):
        objects.append(folder / f"{number}_{source.stem}.o")
        include = ["-isystem", START / machine.include] if machine.include else []
        command(machine.compiler, "-std=c99", "-ffunction-sections", "-fdata-sections", *machine.flags, *include,
                *flags, "-c", source, "-o", objects[-1])
    return objects


def bytes_by_kind(machine, object_file):
    found = dict.fromkeys(KINDS, 0)
    for line in command(machine.size, "-A", "-d", object_file).splitlines():
        words = line.split()
        if len(words) == 3 and words[1].isdigit():
            for kind, beginnings in KINDS.items():
                if words[0].startswith(beginnings):
                    found[kind] += int(words[1])
    return found


@dataclasses.dataclass(frozen=True)
class Objects:
    """What a machine's compiler made of a project, and of the functions that stand in for a C library."""
    network: list
    library: list


def compile_network(machine, project, optimization, folder):
    return Objects(compile_all(machine, project.sources, ["-" + optimization], folder / "network"),
                   compile_all(machine, [START / s for s in machine.library], ["-O1", *machine.library_flags],
                               folder / "library"))


def weigh(machine, project, objects, folder):
    """Links the network alone, keeping what its functions reach; once without libraries and once with them."""
    def linked(name, *more):
        command(machine.compiler, *machine.flags, "-r", "-nostdlib", "-Wl,--gc-sections", f"-Wl,-e,{project.run}",
                *(f"-Wl,-u,{root}" for root in project.roots), *objects.network, *more, "-o", folder / name)
        return bytes_by_kind(machine, folder / name)

    own, whole = linked("network.o"), linked("with_libraries.o", *objects.library, *machine.libraries)
    return Sizes(**own, library=whole["code"] + whole["const"] - own["code"] - own["const"])


def link_selftest(machine, project, objects, optimization, folder):
    """The program that runs the self-test and measures each run."""
    selftest = compile_all(machine, [project.selftest],
                           ["-" + optimization, "-DSELFTEST_SILENT", f"-Dmain={machine.main}"], folder / "selftest")
    own = ["-O1", f"-I{START}"]  # the same whatever is measured
    start = compile_all(machine, [START / s for s in machine.start], [*own, *machine.start_flags], folder / "start")
    measured = compile_all(machine, [START / "measured_run.c"],
                           [*own, f"-I{project.folder}", f'-DCHIP_HEADER="{project.name}.h"',
                            f"-DCHIP_RUN={project.run}", f"-DCHIP_ARENA_BYTES={project.name.upper()}_ARENA_BYTES"],
                           folder / "measured")
    program = folder / "program.elf"
    script = ["-T", START / machine.script, *machine.memory.symbols()] if machine.script else []
    command(machine.compiler, *machine.flags, *machine.link, *script, "-Wl,--gc-sections", f"-Wl,--wrap={project.run}",
            *start, *measured, *selftest, *objects.network, *objects.library, *machine.libraries, "-o", program)
    return program
