"""Every command in docs/tutorials/ runs and prints what the page says.

A page is a sequence of fenced blocks marked `console`: a line "$ command" is run by a shell, in a folder that holds the
repository's examples and tools and where `narrow` is the program that was built; the lines below it are what it prints.
Times and speeds differ from run to run and are left out of the comparison; "..." stands for any lines. A block marked
`console needs NAME...` is left out where one of these programs is not there, or, of names with a slash, such a path from
the repository on, or, of `python:NAME`, such a module. The shared data are `data` in the folder, where they lie beside the
repository, and `python3` is the one that runs the tests, with the package that was built.
`python tests/tutorials_test.py --write` puts what is printed now into the pages, but for blocks with a "...".
"""
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = ROOT / "build" / "narrow"
SHARED = ROOT / "../shared/data"
PAGES = sorted((ROOT / "docs" / "tutorials").glob("*.md"))

BLOCK = re.compile(r"```console(?: needs ([^\n]+))?\n(.*?)```", re.S)
FOLDERS = ("bench", "examples", "tests", "tools")  # of the repository, that commands name


def steps_of(block):
    """Pairs of a command and the lines that it prints, of the text of one block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1] = (found[-1][0] + "\n" + line, [])
        else:
            found[-1][1].append(line)
    return found


def absent(needs):
    """Those of the programs, paths and modules, named in one text, that are not there."""
    def is_there(name):
        if name.startswith("python:"):
            return importlib.util.find_spec(name.removeprefix("python:")) is not None
        return (ROOT / name).exists() if "/" in name else shutil.which(name) is not None
    return [name for name in needs.split() if not is_there(name)]


def link_folders(folder):
    for name in FOLDERS:
        (folder / name).symlink_to(ROOT / name)
    if SHARED.exists():
        (folder / "data").symlink_to(SHARED.resolve())


def run(command, folder):
    environment = dict(os.environ, PATH=f"{NARROW.parent}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
                       PYTHONPATH=str(NARROW.parent / "python"), COLUMNS="120", LC_ALL="C.UTF-8")
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.splitlines()


def without_times(lines):
    """The lines with times masked and columns of speeds dropped, and without empty ones at both ends."""
    out, speeds = [], False
    for line in lines:
        line = re.sub(r"\d[\d,.]* (ms|s)\b", "T", line.rstrip())
        speeds = line.endswith("samples/s") or (speeds and bool(line))
        out.append(re.sub(r"\s+\S+$", "", line) if speeds else line)
    return "\n".join(out).strip("\n")


def agrees(shown, printed):
    """Whether the printed text is the shown one, in which a line "..." stands for any lines."""
    parts = re.split(r"(?m)^\.\.\.$", shown)
    return re.fullmatch(r"(?s:.*)".join(re.escape(part) for part in parts), printed) is not None


class Tutorials(unittest.TestCase):
    maxDiff = None

    def test_pages(self):
        if not NARROW.exists():
            self.skipTest(f"no {NARROW}")
        self.assertTrue(PAGES)
        for page in PAGES:
            with self.subTest(page=page.name), tempfile.TemporaryDirectory() as folder:
                self.follow(page, pathlib.Path(folder))

    def test_no_block_is_left_out(self):
        missing = {program for page in PAGES for needs, _ in BLOCK.findall(page.read_text()) for program in absent(needs)}
        if missing:
            self.skipTest(f"no {', '.join(sorted(missing))}")

    def follow(self, page, folder):
        link_folders(folder)
        blocks = BLOCK.findall(page.read_text())
        self.assertTrue(blocks, "the page has no commands")
        steps = (step for needs, block in blocks if not absent(needs) for step in steps_of(block))
        for command, shown in steps:
            want, got = without_times(shown), without_times(run(command, folder))
            if not agrees(want, got):
                self.assertEqual(want, got, f"{page.name}: {command}")


def write(page):
    """Puts what the commands print now into the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        link_folders(folder)

        def block(match):
            if absent(match[1] or ""):
                return match[0]
            lines = []
            for command, shown in steps_of(match[2]):
                printed = run(command, folder)
                lines += ["$ " + command, *(shown if "..." in shown else (line.rstrip() for line in printed))]
            return match[0].split("\n", 1)[0] + "\n" + "\n".join(lines) + "\n```"

        page.write_text(BLOCK.sub(block, page.read_text()))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for each in PAGES:
            write(each)
    else:
        unittest.main()
