"""What a terminal gets and a pipe does not: tables that fit its width, and colours."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from cli_test import FLOAT, NARROW, TEST, TRAIN, Case, narrow

COLOURS = re.compile(r"\033\[\d+m")


def on_terminal(*arguments, width=0, **environment):
    """What a terminal of that width shows of a command; 0 for one that does not say."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "TERM")}
    running = subprocess.Popen([NARROW, *map(str, arguments)], stdout=theirs, stderr=theirs, stdin=theirs,
                               env=inherited | {"TERM": "xterm"} | environment)
    os.close(theirs)
    said = b""
    try:
        while more := os.read(ours, 1 << 16):
            said += more
    except OSError:  # how Linux ends it
        pass
    os.close(ours)
    running.wait(timeout=60)
    return said.decode().replace("\r\n", "\n")


def plain(text):
    return COLOURS.sub("", text).splitlines()


def tables(lines):
    """Those lines that have columns."""
    return [line for line in lines if "  " in line]


class Terminal(Case):
    def test_tables_fit(self):
        path = self.folder / ("a_model_with_quite_a_long_name_" * 3 + ".tflite")
        path.write_bytes(FLOAT.read_bytes())
        for command in (("evaluate", path, *TEST, "--reference", FLOAT), ("ops",), ("inspect", FLOAT)):
            piped = tables(self.done(*command).splitlines())
            width = max(map(len, piped)) - 5
            shown = tables(plain(on_terminal(*command, width=width)))
            self.assertEqual(len(shown), len(piped))
            self.assertEqual(max(map(len, shown)), width)

    def test_names_are_cut_in_the_middle(self):
        path = self.folder / ("first_" + "x" * 100 + "_last.tflite")
        path.write_bytes(FLOAT.read_bytes())
        command = ("evaluate", path, *TEST)
        row = on_terminal(*command, width=100).splitlines()[1]
        self.assertRegex(row, r"^/\S+\.\.\.\S+_last\.tflite +16,688 ")
        def widest(**terminal):
            return max(map(len, on_terminal(*command, **terminal).splitlines()))

        self.assertEqual(widest(width=100), 100)
        self.assertEqual(widest(width=100, COLUMNS="90"), 90)
        self.assertEqual(widest(width=100, COLUMNS="wide"), 100)
        self.assertRegex(on_terminal(*command, width=20).splitlines()[1], r"^/..\.\.\.ite  ")  # and numbers are whole

    def test_as_wide_as_they_are(self):
        for command in (("inspect", FLOAT), ("ops",), ("quantize", FLOAT, "--scheme", "float16", "-o",
                                                       self.folder / "m.tflite")):
            piped = tables(self.done(*command).splitlines())
            self.assertEqual(tables(plain(on_terminal(*command, "--wide", width=40))), piped)
            self.assertEqual(tables(plain(on_terminal(*command, width=0))), piped)
            self.assertEqual(tables(self.done(*command, "--wide").splitlines()), piped)
        self.refused(2, "export", FLOAT, "-o", self.folder, "--wide", says="no option --wide")

    def test_colours(self):
        self.assertIn("\033[32mOK:\033[0m LiteRT", on_terminal("verify", FLOAT, "--runtime", "litert"))
        self.assertIn("\033[31mop 0 (CONV_2D) 'conv1'\033[0m", on_terminal("verify", FLOAT, "--runtime", "edgetpu"))
        said = on_terminal("quantize", FLOAT, *TRAIN, "--scheme", "float16", "-o", self.folder / "m.tflite")
        self.assertIn("narrow: \033[33mwarning:\033[0m the samples are not used", said)
        self.assertIn("  \033[33mfloat\033[0m    has no float constants", said)
        self.assertIn("narrow: \033[31merror:\033[0m there is no option --nothing", on_terminal("ops", "--nothing"))

    def test_no_colours(self):
        for command in (("verify", FLOAT, "--runtime", "edgetpu"), ("ops", "--nothing"),
                        ("evaluate", FLOAT, *TEST, "--reference", FLOAT)):
            self.assertRegex(on_terminal(*command), COLOURS)
            for environment in ({"NO_COLOR": "1"}, {"NO_COLOR": ""}, {"TERM": "dumb"}):
                self.assertNotIn("\033", on_terminal(*command, **environment))
            done = narrow(*command, env={**os.environ, "TERM": "xterm"})
            self.assertNotIn("\033", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
