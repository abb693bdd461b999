"""The page in Chromium: what it makes is what the command line makes, bit for bit; errors are the command line's, and the
page goes on. Without build-web/site, which tools/build_web makes, it is skipped."""
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

import browser

ROOT = pathlib.Path(__file__).resolve().parent.parent
SITE = ROOT / "build-web" / "site"
NARROW = pathlib.Path(os.environ.get("NARROW", ROOT / "build" / "narrow"))
# Built without XNNPACK, as the page is: the last bits of float results are a library's own, and some ranges, biases and
# integers follow them.
LOOPS = pathlib.Path(os.environ.get("NARROW_LOOPS", ROOT / "build-loops" / "narrow"))
DIGITS = ROOT / "examples" / "digits"
SHARED = ROOT.parent / "shared" / "data"
SCHEMES = ("int8", "int16x8", "int16", "q7", "q15", "dynamic", "float16")
# Of what is compared here, the models whose bytes do not follow the last bits of float results.
STEADY = {("digits", s, q) for s in ("q7", "q15") for q in ("fast", "best")} | {
    ("digits", "int8", "best"), ("digits", "int16x8", "best"), ("digits", "float16", "fast"), ("digits", "dynamic", "fast"),
    ("KWS", "int8", "best"), ("KWS", "q7", "fast"), ("KWS", "q15", "fast")}
MOST_BYTES = 5_000_000
KWS_SECONDS = 2


def setUpModule():
    if not (SITE / "narrow.wasm.gz").exists():
        raise unittest.SkipTest("the page is not built; tools/build_web builds it")
    if browser.MISSING:
        raise unittest.SkipTest(browser.MISSING)


def by_command_line(program, model, samples, *options):
    """The model's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.tflite")
        subprocess.run([program, "quantize", model, "--data", samples, "-o", out, "--quiet", *options], check=True)
        return pathlib.Path(out).read_bytes()


class Page(unittest.TestCase):
    def setUp(self):
        self.server = browser.Server(SITE)
        self.addCleanup(self.server.close)
        self.browser = browser.Browser().__enter__()
        self.addCleanup(self.browser.__exit__)
        self.open()

    def open(self):
        self.browser.show(self.server.url, 1200)
        self.browser.wait("document.querySelectorAll('#schemes input').length > 0")

    def choose(self, name, value):
        self.browser.run("""const field = document.getElementById('form').elements[arguments[0]];
                            field.value = arguments[1];""", name, value)

    def quantize(self, seconds=120):
        """Presses the button; the seconds until the page is ready again."""
        began = time.monotonic()
        self.browser.click("#quantize")
        self.browser.wait("!document.getElementById('quantize').disabled", seconds)
        return time.monotonic() - began

    def error(self):
        return self.browser.run("const e = document.getElementById('error'); return e.hidden ? '' : e.innerText")

    def model(self):
        """The bytes of the model that is offered, after a click."""
        self.assertEqual(self.error(), "")
        name = self.browser.run("return document.getElementById('download').download")
        self.browser.click("#download")
        return self.browser.downloaded(name)

    def compare(self, network, scheme, quality, seconds, *data):
        """With the command line by the same float loops, and, for a model whose bytes do not follow these, with XNNPACK."""
        ours, options = self.model(), (*data, "--scheme", scheme, "--quality", quality)
        steady = ours == by_command_line(NARROW, *options)
        loops = ours == by_command_line(LOOPS, *options) if LOOPS.exists() else None
        print(f"{network}, {scheme}, {quality}: {seconds:.2f} s; equal to the command line: {steady}, without XNNPACK: "
              f"{loops}", file=sys.stderr)
        if (network, scheme, quality) in STEADY:
            self.assertTrue(steady)
        self.assertIsNot(loops, False)

    def load_digits(self):
        self.browser.click("#example")
        self.browser.wait("document.querySelectorAll('.slot.filled').length == 4")

    def test_folder_is_small_and_asks_for_its_own_files_alone(self):
        size = sum(f.stat().st_size for f in SITE.rglob("*") if f.is_file())
        print(f"the folder has {size:,} bytes", file=sys.stderr)
        self.assertLess(size, MOST_BYTES)
        self.load_digits()
        self.quantize()
        self.assertEqual(self.error(), "")
        self.assertEqual(self.browser.complaints(), [])
        for path in self.server.asked:
            self.assertTrue((SITE / path.lstrip("/")).exists(), path)
        asked = self.browser.run("return performance.getEntriesByType('resource').map(r => r.name)")
        self.assertEqual([a for a in asked if not a.startswith((self.server.url, "data:", "blob:"))], [])

    def test_digits_equal_the_command_line(self):
        self.load_digits()
        for scheme in SCHEMES:
            for quality in ("fast", "best"):
                if scheme in ("dynamic", "float16") and quality == "best":
                    continue  # there is one way alone
                with self.subTest(scheme=scheme, quality=quality):
                    self.choose("scheme", scheme)
                    self.choose("quality", quality)
                    self.compare("digits", scheme, quality, self.quantize(), DIGITS / "float.tflite",
                                 DIGITS / "train_x.npy", "--data-scale", "0.0625")

    def test_project_equals_the_command_line(self):
        self.load_digits()
        self.quantize()
        self.browser.click("#project")
        archive = zipfile.ZipFile(io.BytesIO(self.browser.downloaded("digits.zip")))
        self.assertIsNone(archive.testzip())
        with tempfile.TemporaryDirectory() as folder:
            project = pathlib.Path(folder, "project")
            (pathlib.Path(folder) / "model").mkdir()
            (pathlib.Path(folder) / "model/digits.tflite").write_bytes((DIGITS / "float.tflite").read_bytes())
            subprocess.run([NARROW, "compile", "model/digits.tflite", "--data", DIGITS / "train_x.npy", "--data-scale",
                            "0.0625", "-o", project, "--name", "digits", "--quiet"], check=True, cwd=folder)
            files = {p.relative_to(project).as_posix(): p.read_bytes() for p in project.rglob("*") if p.is_file()}
        packed = {n.removeprefix("digits/"): archive.read(n) for n in archive.namelist()}
        self.assertEqual(sorted(packed), sorted(files))
        differ = [n for n in files if packed[n] != files[n]]
        self.assertEqual(differ, [])

    def test_torn_files_are_refused_and_the_page_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            torn = pathlib.Path(folder, "torn.tflite")
            torn.write_bytes((DIGITS / "float.tflite").read_bytes()[:5000])
            samples = pathlib.Path(folder, "torn_x.npy")
            samples.write_bytes((DIGITS / "train_x.npy").read_bytes()[:1000])
            keras = pathlib.Path(folder, "model.h5")
            keras.write_bytes((DIGITS / "model.h5").read_bytes())
            self.load_digits()
            for role, path, original in (("model", torn, DIGITS / "float.tflite"),
                                         ("samples", samples, DIGITS / "train_x.npy")):
                self.browser.send_file("#" + role, path)
                self.quantize()
                said = self.error().splitlines()[0]
                name = {"model": f"model/{path.name}", "samples": f"samples/{path.name}"}[role]
                (pathlib.Path(folder) / role).mkdir()
                (pathlib.Path(folder) / name).write_bytes(path.read_bytes())
                files = {"model": DIGITS / "float.tflite", "samples": DIGITS / "train_x.npy", role: name}
                native = subprocess.run(
                    [NARROW, "quantize", files["model"], "--data", files["samples"], "--data-scale", "0.0625", "-o", "q"],
                    capture_output=True, text=True, cwd=folder)
                # The command line also names the model that samples are for.
                self.assertTrue(native.stderr.startswith(said.removesuffix(")")), (said, native.stderr))
                self.browser.send_file("#" + role, original)
                self.quantize()
                self.assertEqual(self.error(), "")
            self.browser.send_file("#model", keras)
            self.quantize()
            self.assertIn("reads no models of Keras", self.error())
            self.assertIn("narrow convert", self.error())

    def test_cancel_and_another_run(self):
        self.load_digits()
        self.browser.run("document.getElementById('quantize').click(); document.getElementById('cancel').click()")
        self.assertFalse(self.browser.run("return document.getElementById('quantize').disabled"))
        self.quantize()
        self.assertGreater(len(self.model()), 1000)

    def test_narrow_windows_have_no_sideways_scrolling(self):
        for width in (360, 800, 1400):
            self.browser.show(self.server.url, width, dark=width == 800)
            self.browser.wait("document.querySelectorAll('#schemes input').length > 0")
            self.load_digits()
            self.quantize()
            self.browser.wait("!document.getElementById('result').hidden")
            self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth - innerWidth"), 0)

    def test_keyword_spotting(self):
        model, samples = SHARED / "models/kws/float.tflite", SHARED / "kws01/x.npy"
        if not model.exists():
            self.skipTest("the shared models are not there")
        self.browser.send_file("#model", model)
        self.browser.send_file("#samples", samples)
        for scheme in SCHEMES[:5]:
            for quality in ("fast", "best"):
                with self.subTest(scheme=scheme, quality=quality):
                    self.choose("scheme", scheme)
                    self.choose("quality", quality)
                    self.quantize(600)
                    line = "document.querySelector('[data-stage=quantize]').innerText"
                    seconds = float(self.browser.run(f"return {line}").split()[-2])
                    self.compare("KWS", scheme, quality, seconds, model, samples)
                    if (scheme, quality) == ("int8", "fast"):
                        self.assertLess(seconds, KWS_SECONDS)


if __name__ == "__main__":
    unittest.main()
