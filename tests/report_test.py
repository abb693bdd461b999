"""The report: its numbers beside those of other commands, and the page as Chromium draws it.

What the page looks like, a person has to judge (tools/draw_report makes pictures of it for docs/); here is checked that
everything is there, that nothing reaches beyond the window, and that tables sort and filter.
"""
import importlib.util
import json
import pathlib
import re
import sys
import types
import unittest

import browser
from cli_test import DIGITS, FLOAT, ROOT, TEST, TRAIN, Case, narrow

try:
    sys.path.insert(0, str(DIGITS))
    import numpy as np
    import tflite_writer
except ImportError:
    np = None

WIDTHS = (360, 800, 1400)
SECTIONS = ("verdict", "compare", "errors", "layers", "activations", "weights", "memory", "costs")


def numbers_of(page):
    """The JSON within a page."""
    return json.loads(re.search(r'<script type="application/json" id=numbers>(.*?)</script>', page, re.S).group(1))


class Numbers(Case):
    def report(self, *arguments, name="r.json"):
        path = self.folder / name
        self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--report", path, *arguments)
        return json.loads(path.read_text())["report"] if name.endswith("json") else path.read_text()

    def test_page_holds_the_numbers_and_nothing_depends_on_threads(self):
        pages = [self.report("--threads", n, name="r.html") for n in (1, 3)]
        self.assertEqual(pages[0], pages[1])
        self.assertEqual(numbers_of(pages[0]), self.report())
        for outside in ("http", "src=", "@import", "url("):
            self.assertNotIn(outside, pages[0])

    def test_accumulated_error_is_that_of_evaluate(self):
        told = self.report("--quality", "fast", "--samples", 24)
        self.assertEqual(told["measured_samples"], 24)
        out = json.loads(self.done("evaluate", self.folder / "m.tflite", "--reference", FLOAT, *TRAIN, "--samples", 24,
                                   "--per-op", "--json"))["models"][0]
        by_name = {op["name"]: op["sqnr_db"] for op in out["ops"]}
        self.assertEqual([op["name"] for op in told["ops"]], list(by_name))
        for op in told["ops"]:
            self.assertAlmostEqual(op["accumulated"]["sqnr_db"], by_name[op["name"]], places=6)
        (model,) = (c for c in told["candidates"] if c["kind"] == "model")
        self.assertAlmostEqual(model["sqnr_db"], out["sqnr_db"], places=6)

    def test_channels_that_are_scaled_compare_all_the_same(self):
        told = self.report("--range", "minmax")
        self.assertTrue(told["scaled"])
        path = self.folder / "e.json"
        self.done("evaluate", self.folder / "m.tflite", "--reference", FLOAT, *TRAIN, "--report", path)
        evaluated = json.loads(path.read_text())["report"]
        for known, found in zip(told["ops"], evaluated["ops"]):
            for figure in ("accumulated", "isolated"):
                self.assertAlmostEqual(known[figure]["sqnr_db"], found[figure]["sqnr_db"], delta=1.5)
        self.assertIn("are scaled beside the float model", " ".join(evaluated["notes"]))

    def test_tensors(self):
        tensors = {t["name"]: t for t in self.report("--quality", "fast")["tensors"]}
        image = tensors["image"]
        self.assertEqual((image["min"], image["max"], image["codes"], image["codes_used"]), (0, 1, 256, 17))
        self.assertEqual(sum(image["histogram"]), image["values"])
        self.assertEqual(image["values"], 32 * 64)
        clipped = {t["name"]: t for t in self.report("--quality", "fast", "--act-max", "conv1=1")["tensors"]}["conv1"]
        self.assertGreater(clipped["clipped"], 0.01)
        self.assertLess(clipped["clipped"], 1)
        self.assertEqual(tensors["conv1"]["clipped"], 0)

    def test_project_is_that_of_compile(self):
        told = self.report()["project"]
        made = json.loads(self.done("compile", self.folder / "m.tflite", "-o", self.folder / "c", "--json"))
        for key in ("flash_bytes", "arena_bytes", "stack_bytes", "macs"):
            self.assertEqual(told[key], made[key])
        self.assertEqual(len(told["plan"]), len(made["plan"]))
        self.assertEqual(sum(s["macs"] for s in told["steps"]), made["macs"])
        self.assertLessEqual(max(s["ram_bytes"] for s in told["steps"]), made["arena_bytes"])
        self.assertEqual(sum(s["flash_bytes"] for s in told["steps"]), told["constant_bytes"])

    def test_verdict(self):
        told = self.report("--flash", "5k", "--ram", "2k", "--max-drop", "30dB")
        self.assertEqual([(v["what"], v["kept"]) for v in told["verdict"]], [("flash", False), ("ram", True), ("sqnr", True)])
        self.assertIn("bytes of flash", told["advice"][0])
        test = ("quantize", FLOAT, *TEST, "-o", self.folder / "m.tflite", "--report", self.folder / "r.json")
        (self.folder / "m.tflite").unlink()
        self.refused(2, *test, "--max-drop", "1%", says="needs --labels")
        self.assertFalse((self.folder / "m.tflite").exists())
        self.done(*test, "--max-drop", "1%", "--labels", DIGITS / "test_y.npy")
        told = json.loads((self.folder / "r.json").read_text())["report"]
        points = {c["kind"]: c for c in told["candidates"]}
        (drop,) = told["verdict"]
        self.assertAlmostEqual(drop["value"], 100 * (points["reference"]["top1"] - points["model"]["top1"]))
        self.assertEqual(points["model"]["samples"], 256)  # more than layers are measured on
        self.refused(2, "quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--flash", "5k", says="add --report")

    def test_mixed_widths_and_floats(self):
        recipe = self.folder / "r.toml"
        recipe.write_text('[[rule]]\nname = "conv1"\nweights = 4\n[[rule]]\nname = "logits"\nactivations = 16\nweights = 16\n')
        told = self.report("--recipe", recipe, "--keep-float", "pool2", "--allow-float", "--io", "float32")
        ops = {op["name"]: op for op in told["ops"]}
        self.assertEqual([ops[name]["weight_bits"] for name in ("conv1", "conv2", "logits/inner")], [4, 8, 16])
        self.assertEqual((ops["pool2"]["outcome"], ops["pool2"]["activation_bits"]), ("float", 32))
        self.assertEqual((ops["pool2"]["isolated"]["exact"], ops["pool2"]["isolated"]["sqnr_db"]), (True, None))
        self.assertEqual((ops["logits/inner"]["outcome"], ops["logits/inner"]["form"]), ("integer", "int16"))
        self.assertEqual(ops["pool2/int8"]["outcome"], "added")
        self.assertTrue(all(op["accumulated"] for op in told["ops"]))
        self.assertIn("(DEQUANTIZE)", told["no_project"])

    def test_without_samples(self):
        page, data = self.folder / "r.html", self.folder / "r.json"
        for path in (page, data):
            self.done("quantize", FLOAT, "--scheme", "float16", "-o", self.folder / "m.tflite", "--report", path)
        told = json.loads(data.read_text())["report"]
        self.assertEqual((told["measured_samples"], told["tensors"], told["project"]), (0, [], None))
        self.assertIn("float16", told["no_project"])
        self.assertIn("No project in C", page.read_text())
        self.assertIn("no samples to measure layers on", page.read_text())
        self.done("quantize", FLOAT, *TRAIN, "--on-nan", "skip", "-o", self.folder / "m.tflite", "--report", data)
        told = json.loads(data.read_text())["report"]
        self.assertEqual(told["measured_samples"], 0)
        self.assertIn("--on-nan skip", " ".join(told["notes"]))

    def test_names_are_escaped(self):
        model = self.folder / "odd.tflite"
        model.write_bytes(FLOAT.read_bytes().replace(b"conv1", b"<i>&\"").replace(b"pool1", b"</a>'"))
        page = self.folder / "r.html"
        self.done("quantize", model, *TRAIN, "-o", self.folder / "m.tflite", "--report", page)
        text = page.read_text()
        self.assertNotIn("<i>&", text)
        self.assertNotIn("</a>'", text)
        self.assertIn("&lt;i&gt;&amp;&quot;", text)
        self.assertIn("<i>&\"", [op["name"] for op in numbers_of(text)["ops"]])


class NodeData(Case):
    FIGURES = ("sqnr", "sqnr_alone", "bits", "weight_bits", "range", "clipped", "code_use")

    def files(self):
        path = self.folder / "nodes.json"
        self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--node-data", path)
        return [path if k == 0 else self.folder / f"nodes.{name}.json" for k, name in enumerate(self.FIGURES)]

    def test_keys_are_names_of_tensors(self):
        tensors = {t["name"] for t in json.loads(narrow("inspect", FLOAT, "--json").stdout)["tensors"]}
        for path in self.files():
            graphs = json.loads(path.read_text())
            self.assertEqual(list(graphs), ["main"])
            self.assertTrue(graphs["main"]["results"])
            self.assertLessEqual(set(graphs["main"]["results"]), tensors)
        self.refused(2, "quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--node-data", "x.txt", says=".json")
        self.refused(2, "evaluate", FLOAT, *TEST, "--node-data", "x.json", says="--reference")

    def test_model_explorer_takes_them(self):
        spec = importlib.util.find_spec("model_explorer")
        if spec is None:
            self.skipTest("ai-edge-model-explorer is not installed: tools/check_more model_explorer does it")
        package = types.ModuleType("model_explorer")  # without the server that its __init__ imports
        package.__path__ = list(spec.submodule_search_locations)
        sys.modules["model_explorer"] = package
        builder = importlib.import_module("model_explorer.node_data_builder")
        for path in self.files():
            said = json.loads(path.read_text())
            graphs = {}
            for name, graph in said.items():
                graph = dict(graph)
                results = {k: builder.NodeDataResult(**v) for k, v in graph.pop("results").items()}
                gradient = [builder.GradientItem(**stop) for stop in graph.pop("gradient")]
                graphs[name] = builder.GraphNodeData(results=results, gradient=gradient, **graph)
            again = json.loads(builder.ModelNodeData(graphsData=graphs).to_json_string())
            for name, graph in said.items():
                for key, value in graph.items():
                    self.assertEqual(again[name][key], value)


def deep_network(path, layers):
    """A chain of 1x1 convolutions with long names, a residual sum at every fourth."""
    import tempfile
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        fmt = tflite_writer.load_format(folder)
        w = tflite_writer.Writer(fmt)
        x = w.tensor("input_image_of_the_deep_network", (1, 4, 4, 16))
        y, before = x, x
        for k in range(layers):
            name = f"deep_network/stage_{k // 20}/block_{k // 4}/a_rather_long_name_of_a_layer_{k}/Relu;deep_network/Conv_{k}"
            if k % 4 == 3:
                y = before = w.op("ADD", [y, before], w.tensor(name, (1, 4, 4, 16)), "AddOptions")
                continue
            weights = rng.normal(0, 0.25, (16, 1, 1, 16)).astype(np.float32)
            inputs = [y, w.tensor(f"w{k}", weights.shape, weights), w.tensor(f"b{k}", (16,), np.zeros(16, np.float32))]
            y = w.op("CONV_2D", inputs, w.tensor(name, (1, 4, 4, 16)), "Conv2DOptions", padding=fmt.Padding.SAME,
                     strideW=1, strideH=1, fusedActivationFunction=fmt.ActivationFunctionType.RELU)
        w.signature({"x": x}, {"y": y})
        pathlib.Path(path).write_bytes(w.bytes())
    np.save(path.with_suffix(".npy"), rng.normal(0, 1, (40, 4, 4, 16)).astype(np.float32))


@unittest.skipIf(browser.MISSING, browser.MISSING)
class Page(Case):
    @classmethod
    def setUpClass(cls):
        cls.browser = browser.Browser().__enter__()
        cls.addClassCleanup(cls.browser.__exit__)

    def page(self, *arguments):
        path = self.folder / "r.html"
        self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--report", path, *arguments)
        return path

    def check_drawn(self, page, sections=SECTIONS):
        """At every width, light and dark: all is there, nothing reaches out of the window, nothing complains."""
        b = self.browser
        pages = set()
        for width in WIDTHS:
            for dark in (False, True):
                with self.subTest(page=page.name, width=width, dark=dark):
                    b.show(page, width, dark=dark)
                    seen = b.run("""
                        const box = e => e.getBoundingClientRect(), drawn = [...document.querySelectorAll('svg')];
                        return {width: document.documentElement.scrollWidth, window: innerWidth,
                                ids: [...document.querySelectorAll('[id]')].map(e => e.id),
                                empty: drawn.filter(s => !s.querySelector('path, rect, circle') || box(s).height < 20).length,
                                out: [...document.querySelectorAll('section, .card, .tile')].filter(
                                    e => box(e).right > innerWidth + 0.5 || box(e).left < -0.5).length,
                                loaded: performance.getEntriesByType('resource').length,
                                back: getComputedStyle(document.body).backgroundColor, svgs: drawn.length}""")
                    self.assertLessEqual(seen["width"], seen["window"])
                    self.assertEqual((seen["empty"], seen["out"], seen["loaded"]), (0, 0, 0))
                    self.assertLessEqual(set(sections), set(seen["ids"]))
                    self.assertGreater(seen["svgs"], 5)
                    pages.add((dark, seen["back"]))
                    self.assertEqual(b.complaints(), [])
                    self.assertGreater(len(b.picture()), 5000)
        self.assertEqual(len(pages), 2)  # one colour for light pages, another for dark ones

    def test_quantize(self):
        self.check_drawn(self.page("--flash", "5k", "--ram", "2k"), (*SECTIONS, "advice", "making"))

    def test_evaluate(self):
        page, model = self.folder / "e.html", self.folder / "m.tflite"
        self.done("quantize", FLOAT, *TRAIN, "-o", model)
        self.done("evaluate", FLOAT, model, "--reference", FLOAT, *TEST, "--labels", DIGITS / "test_y.npy", "--report", page)
        self.check_drawn(page)

    def test_sorts_and_filters(self):
        b = self.browser
        b.show(self.page(), 1200)
        column = """const table = document.querySelector('#layers table'),
            i = [...table.tHead.rows[0].cells].findIndex(c => c.textContent === arguments[0]);
            if (arguments[1]) table.tHead.rows[0].cells[i].click();
            return [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => r.cells[i].dataset.v ?? r.cells[i].textContent)"""
        as_was = b.run(column, "MACs", False)
        falling = b.run(column, "MACs", True)
        self.assertNotEqual(as_was, falling)
        self.assertEqual(falling, sorted(as_was, key=float, reverse=True))
        self.assertEqual(b.run(column, "MACs", True), sorted(as_was, key=float))
        self.assertEqual(b.run(column, "MACs", True), as_was)
        names = b.run(column, "name", True)
        self.assertEqual(names, sorted(names))
        typed = """const box = document.querySelector('#layers input');
            box.value = arguments[0]; box.dispatchEvent(new Event('input'));"""
        b.run(typed, "conv")
        self.assertEqual(b.run(column, "name", False), ["conv1", "conv2"])
        b.run(typed, "")
        self.assertEqual(len(b.run(column, "name", False)), len(as_was))
        self.assertEqual(b.complaints(), [])

    def test_without_scripts_and_on_paper(self):
        b = self.browser
        page = self.page()
        b.show(page, 800, scripts=False)
        shown = b.texts()
        for text in ("Error by layer", "Cost by layer", "conv2", "FULLY_CONNECTED", "41,472"):
            self.assertIn(text, shown)
        self.assertNotIn("Save the numbers as JSON", shown)  # which only a script can do
        b.show(page, 718, medium="print")  # A4 without margins
        wide = b.run("return [...document.querySelectorAll('svg, table')].filter(e => e.getBoundingClientRect().right > innerWidth)"
                     ".map(e => e.closest('section').id)")
        self.assertEqual(wide, [])
        hidden = b.run("return [...document.querySelectorAll('nav, .tools, button')].filter(e => e.offsetHeight > 0).length")
        self.assertEqual(hidden, 0)

    @unittest.skipIf(np is None, "NumPy or FlatBuffers is not installed")
    def test_two_hundred_layers(self):
        model = self.folder / "deep.tflite"
        deep_network(model, 200)
        page = self.folder / "r.html"
        self.done("quantize", model, "--data", model.with_suffix(".npy"), "--quality", "fast", "-o", self.folder / "m.tflite",
                  "--report", page)
        self.assertLess(page.stat().st_size, 2_000_000)
        self.check_drawn(page)
        rows = self.browser.run("return document.querySelectorAll('#layers tbody tr').length")
        self.assertEqual(rows, 200)
        print(f"page of 200 layers: {page.stat().st_size:,} bytes")


if __name__ == "__main__":
    unittest.main()
