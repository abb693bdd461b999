"""The shared library: its SONAME, that it exports the public interface and nothing else, and that programs run on it."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = pathlib.Path(os.environ.get("NARROW", ROOT / "build" / "narrow"))
LIBRARY = NARROW.parent / "src" / "libnarrow.so"
HEADERS = sorted((ROOT / "include" / "narrow").glob("*.h"))


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def code(header):
    """The header without comments and lines of the preprocessor."""
    text = re.sub(r"//.*", "", header.read_text())
    return re.sub(r"^#(?:.*\\\n)*.*$", "", text, flags=re.M)


def marked(text):
    """Functions and classes that NARROW_API marks."""
    return {*re.findall(r"(?<!class )NARROW_API\b[^;(]*?\b(\w+)(?:<\w+>)?\(", text),
            *re.findall(r"class NARROW_API (\w+)", text)}


def unmarked(text):
    """Declarations of functions outside of marked classes that have no body and no NARROW_API."""
    text = re.sub(r"class NARROW_API \w+ \{.*?^\};", "", text, flags=re.S | re.M)
    while (shorter := re.sub(r"\([^()]*\)", "~", text)) != text:  # what is in parentheses has no part in this
        text = shorter
    found = []
    while "{" in text:  # blocks from inside out: bodies, initializers, structs, and the namespace
        block = re.search(r"\{([^{}]*)\}", text)
        for statement in re.findall(r"[^;#]+;", block[1]):
            if "~" in statement and not re.search(r"NARROW_API|using |template <class|function<|^\s*(return|static_cast)\b",
                                                  statement):
                found.append(statement.strip())
        text = text[:block.start()] + "#" + text[block.end():]
    # Statements of functions' bodies assign, return or call; declarations have a type before the name.
    return [s for s in found if re.match(r"(?!if|for|while|else)[\w:<>,*&\s]+[*&> ]\w+(<\w+>)?~", s)]


@unittest.skipUnless(LIBRARY.exists(), "this build has no shared library")
class SharedLibrary(unittest.TestCase):
    def test_soname_says_which_versions_are_compatible(self):
        version = (ROOT / "include" / "narrow" / "version.h").read_text()
        major, minor = (re.search(rf"NARROW_VERSION_{part} (\d+)", version)[1] for part in ("MAJOR", "MINOR"))
        self.assertEqual(re.findall(r"SONAME.*\[(.*)\]", output("readelf", "-d", LIBRARY)), [f"libnarrow.so.{major}.{minor}"])

    def test_exports_the_public_interface_and_nothing_else(self):
        names = set()
        for line in output("nm", "-DC", "--defined-only", LIBRARY).splitlines():
            name = line.split(" ", 2)[2]
            if not re.match(r"NARROW_\d", name):
                found = re.search(r"\bnarrow::(\w+)(?:::|<|\[|\()", name)
                names.add(found[1] if found else name)
        public = set().union(*(marked(code(header)) for header in HEADERS))
        members = {"in": "Error", "sqnr_db": "ErrorSums"}  # functions whose classes are not marked
        self.assertEqual(names, {members.get(name, name) for name in public})
        print(f"{len(output('nm', '-D', '--defined-only', LIBRARY).splitlines()) - 1} symbols are exported")

    def test_every_function_of_the_headers_is_marked(self):
        for header in HEADERS:
            self.assertEqual(unmarked(code(header)), [], header.name)
        self.assertEqual(unmarked("namespace narrow {\nstruct S {\n  int f() const;\n  int g() { return f(); }\n};\n"
                                  "template <>\nint h<S>(int a = {});\ninline int i() { return 1; }\n}"),
                         ["int f~ const;", "template <>\nint h<S>~;"])

    @unittest.skipUnless(shutil.which("c++"), "no C++ compiler")
    def test_a_program_runs_on_it(self):
        with tempfile.TemporaryDirectory() as folder:
            program = f"{folder}/consumer"
            subprocess.run(["c++", "-std=c++20", ROOT / "tests/install/consumer.cc", "-I", ROOT / "include", LIBRARY, "-o", program],
                           check=True)
            said = output(program, ROOT / "examples/digits/float.tflite", env={"LD_LIBRARY_PATH": str(LIBRARY.parent)})
            self.assertEqual(said, "3706 40\n")


if __name__ == "__main__":
    unittest.main()
