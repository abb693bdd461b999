"""The emulated chips: for each, how programs are built for it, who runs them, and how it counts."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Counter:
    """What is counted, and how a measurement's ticks become counts: count = ticks / ticks_per_count, to the nearest."""
    unit: str  # "instructions" or "cycles"
    ticks_per_count: float = 1.0
    ticks_per_slow_tick: float = 0.0  # 0: the program counts no slow ticks
    empty: int = 1  # what a call of an empty function counts: its return
    trace: str | None = None  # the emulator writes ticks into this file, with the times in ns of a clock of `hertz`
    hertz: float | None = None


@dataclasses.dataclass(frozen=True)
class Memory:
    """Origins and sizes in bytes, as the linker scripts of start/ want them."""
    ram: int
    ram_bytes: int
    flash: int | None = None
    flash_bytes: int | None = None
    vectors: int | None = None  # where the processor looks for them; None: where flash begins

    def symbols(self):
        vectors = self.flash if self.vectors is None else self.vectors
        for name, value in (("VECTORS", vectors), ("FLASH", self.flash), ("FLASH_BYTES", self.flash_bytes),
                            ("RAM", self.ram), ("RAM_BYTES", self.ram_bytes)):
            if value is not None:
                yield f"-Wl,--defsym=CHIP_{name}={value:#x}"


@dataclasses.dataclass(frozen=True)
class Machine:
    """A row of the table. Paths are relative to start/."""
    core: str
    title: str
    prefix: str  # of the compiler and its tools
    flags: tuple  # which processor
    start: tuple  # start files: C sources
    emulator: tuple  # the command that a program's path is appended to
    counter: Counter | None  # None: the emulator has none that is exact
    start_flags: tuple = ()  # for the start files only
    library: tuple = ()  # C sources that stand in for a C library, as the headers in `include` do
    library_flags: tuple = ()
    script: str | None = None
    memory: Memory | None = None
    include: str | None = None
    link: tuple = ()
    libraries: tuple = ("-lc", "-lgcc")
    main: str = "main"  # what the self-test's main is called; start files with a main of their own call it
    exit_line: bool = False  # the emulator's exit code says nothing; the program writes 'exit CODE'

    @property
    def compiler(self):
        return self.prefix + "gcc"

    @property
    def size(self):
        return self.prefix + "size"


KIB, MIB = 1 << 10, 1 << 20
SHIFT = 7


def clocked(hertz, slow_hertz):
    """A counter of so many hertz of QEMU's virtual time, of which an instruction takes 2^SHIFT ns, and one of slow_hertz.
    More than two ticks for an instruction make counts exact, as a difference of readings is less than a tick off."""
    return Counter("instructions", hertz * 2**SHIFT / 1e9, hertz / slow_hertz)


def qemu(processor, shift, *board):
    """The command that runs a program on a board, an instruction taking 2^shift ns of virtual time."""
    return (f"qemu-system-{processor}", "-M", *board, "-display", "none", "-monitor", "none", "-serial", "null",
            "-nodefaults", "-semihosting-config", "enable=on,target=native", "-icount", f"shift={shift}", "-kernel")


def cortex_m(core, title, board, flags, memory, counter, *start_flags):
    return Machine(core, title, "arm-none-eabi-", ("-mthumb", *flags), ("cortex_m.c",), qemu("arm", SHIFT, board), counter,
                   start_flags, script="cortex_m.ld", memory=memory, link=("-nostartfiles",))


def mps2(core, title, board, flags):
    return cortex_m(core, title, board, flags, Memory(flash=0, flash_bytes=4 * MIB, ram=0x20000000, ram_bytes=4 * MIB),
                    clocked(25e6, 100), "-DCHIP_FPGAIO=0x40028000U")


AVR_HERTZ = 20_000_000  # a period of 50 ns, five of the units that simavr writes times in


def avr(core, title, chip):
    """GNU C, so that constants stay in flash (NW_FLASH in kernels/nw_types.h)."""
    return Machine(core, title, "avr-", (f"-mmcu={chip}", "-std=gnu99"), ("avr.c",), ("simavr",),
                   Counter("cycles", empty=4, trace="gtkwave_trace.vcd", hertz=AVR_HERTZ),
                   start_flags=(f'-DCHIP_NAME="{chip}"', f"-DCHIP_HERTZ={AVR_HERTZ}UL"), main="selftest_main",
                   exit_line=True, link=("-Wl,--section-start=.mmcu=0x910000", "-Wl,--undefined=chip_name"))


MACHINES = {m.core: m for m in (
    cortex_m("m0", "Cortex-M0 (micro:bit)", "microbit", ("-mcpu=cortex-m0",),
             Memory(flash=0, flash_bytes=256 * KIB, ram=0x20000000, ram_bytes=16 * KIB), clocked(16e6, 16e6 / 2**9),
             "-DCHIP_NRF51"),
    mps2("m3", "Cortex-M3 (MPS2 AN385)", "mps2-an385", ("-mcpu=cortex-m3",)),
    mps2("m4", "Cortex-M4 (MPS2 AN386)", "mps2-an386", ("-mcpu=cortex-m4",)),
    mps2("m7", "Cortex-M7 (MPS2 AN500)", "mps2-an500", ("-mcpu=cortex-m7",)),
    # The two with TrustZone start in the secure state, and reach memory and devices at their secure addresses.
    cortex_m("m33", "Cortex-M33 (MPS2 AN505)", "mps2-an505", ("-mcpu=cortex-m33",),
             Memory(flash=0x10000000, flash_bytes=4 * MIB, ram=0x38000000, ram_bytes=4 * MIB), clocked(20e6, 100),
             "-DCHIP_FPGAIO=0x50302000U"),
    cortex_m("m55", "Cortex-M55 (MPS3 AN547)", "mps3-an547", ("-mcpu=cortex-m55", "-mfloat-abi=hard"),
             Memory(vectors=0x10000000, flash=0x11000000, flash_bytes=2 * MIB, ram=0x31000000, ram_bytes=4 * MIB),
             clocked(20e6, 100),
             "-DCHIP_FPGAIO=0x59302000U"),
    Machine("riscv32", "RISC-V RV32IMC (virt)", "riscv64-unknown-elf-", ("-march=rv32imc", "-mabi=ilp32"),
            ("riscv32.c",), qemu("riscv32", 0, "virt", "-bios", "none"),
            Counter("instructions", ticks_per_slow_tick=2**32), start_flags=("-march=rv32imc_zicsr",),
            library=("freestanding/memory.c",), library_flags=("-fno-tree-loop-distribute-patterns",),
            include="freestanding", libraries=("-lgcc",), script="riscv32.ld",
            memory=Memory(ram=0x80000000, ram_bytes=16 * MIB), link=("-nostartfiles", "-nostdlib")),
    avr("avr", "AVR ATmega1284P (simavr)", "atmega1284p"),
    avr("avr-uno", "AVR ATmega328P (simavr)", "atmega328p"),
    Machine("big-endian", "PowerPC, 32 bits, big-endian (Linux)", "powerpc-linux-gnu-", ("-fno-pie",), ("linux.c",),
            ("qemu-ppc-static",), None, link=("-static", "-no-pie"), libraries=("-lgcc",)),
)}
