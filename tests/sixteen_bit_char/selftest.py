"""Runs a project's self-test on this machine, its C compiler standing in for one whose char has 16 bits."""
import pathlib
import subprocess
import tempfile

CHAR16 = pathlib.Path(__file__).resolve().with_name("char16.h")
# stdio.h before the header that changes what char means, so that printf still takes string literals.
AS_CHAR16 = ("-include", "stdio.h", "-include", str(CHAR16))


def run_selftest(folder, compiler="gcc", flags=AS_CHAR16):
    """The exit code of the self-test that `narrow compile` has written into `folder`; raises CalledProcessError where it
    does not compile, with what the compiler said."""
    sources = [c for c in sorted(folder.rglob("*.c")) if c.relative_to(folder).parts[0] != "example"]
    with tempfile.TemporaryDirectory() as scratch:
        program = pathlib.Path(scratch, "selftest")
        subprocess.run([compiler, "-std=c99", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
                        "-DSELFTEST_SILENT", *flags, *sources, "-o", program], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, check=True)
        return subprocess.run([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
