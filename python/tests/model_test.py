"""Models give what the command line gives, byte for byte and figure for figure."""

import math
import os
import pickle

import numpy as np
import pytest
from conftest import DIGITS, ROOT, SCALE, cli

import narrow

FLOAT = DIGITS / "float.tflite"
DATA = ["--data", DIGITS / "train_x.npy", "--data-scale", SCALE]

QUANTIZED = [
    {"scheme": "int8"},
    {"scheme": "int8", "quality": "fast", "io": "uint8"},
    {"scheme": "int16x8", "quality": "fast"},
    {"scheme": "int16", "headroom": 1.5},
    {"scheme": "q7", "bias": 16},
    {"scheme": "q15", "quality": "fast"},
    {"weights": 4, "quality": "fast", "range": "percentile:99.9"},
    {"granularity": "tensor", "rounding": "half-up", "accumulator": 32, "quality": "fast"},
    {"scales": "pow2", "activations": 16, "bias": "auto", "quality": "fast"},
    {"weight_rounding": "gptq", "samples": 50},
    {"range": "search", "scheme": "q7"},
    {"keep_float": "conv2", "candidates": 3, "on_nan": "skip"},
    {"activations": "float"},
]


def words_of(options):
    """The options as the command line spells them."""
    out = []
    for name, value in options.items():
        out += ["--" + name.replace("_", "-")] + ([] if value is True else [value])
    return out


@pytest.mark.parametrize("options", QUANTIZED, ids=lambda o: " ".join(map(str, words_of(o))))
@pytest.mark.filterwarnings("ignore::narrow.AccuracyWarning")
def test_quantize_gives_the_bytes_of_the_command_line(digits, train_x, tmp_path, options):
    path = tmp_path / "q.tflite"
    told = cli("quantize", FLOAT, *DATA, *words_of(options), "-o", path, "--json")
    model = digits.quantize(train_x, data_scale=SCALE, **options)
    assert bytes(model) == path.read_bytes()
    assert model.quantization.scheme == told["scheme"]
    assert [(op.name, op.op, op.quantized) for op in model.quantization.ops] == [
        (op["name"], op["op"], op["quantized"]) for op in told["ops"]
    ]
    assert model.size == told["bytes"]


@pytest.mark.parametrize("scheme", ["float16", "dynamic"])
def test_schemes_without_samples(digits, tmp_path, scheme):
    cli("quantize", FLOAT, "--scheme", scheme, "-o", tmp_path / "q.tflite")
    assert bytes(digits.quantize(scheme=scheme)) == (tmp_path / "q.tflite").read_bytes()


def test_a_path_is_data_too(digits, train_x, small):
    assert bytes(digits.quantize(DIGITS / "train_x.npy", data_scale=SCALE, quality="fast")) == bytes(small)
    assert bytes(digits.quantize(str(DIGITS / "train_x.npy"), data_scale=SCALE, quality="fast")) == bytes(small)


def test_statistics_instead_of_samples(digits, train_x, small, tmp_path):
    statistics = digits.calibrate(train_x, data_scale=SCALE)
    assert bytes(digits.quantize(statistics=statistics)) == bytes(small)
    statistics.save(tmp_path / "s.nstat")
    assert bytes(digits.quantize(statistics=tmp_path / "s.nstat")) == bytes(small)
    assert bytes(digits.quantize(statistics=[statistics])) == bytes(small)


def test_recipe_and_act_max(digits, train_x, tmp_path):
    recipe = tmp_path / "r.toml"
    recipe.write_text('[[rule]]\nname = "conv1"\nweights = 16\n')
    cli("quantize", FLOAT, *DATA, "--recipe", recipe, "--act-max", "conv1=3,conv2=4.5", "-o", tmp_path / "q.tflite")
    model = digits.quantize(train_x, data_scale=SCALE, recipe=recipe, act_max={"conv1": 3, "conv2": 4.5})
    assert bytes(model) == (tmp_path / "q.tflite").read_bytes()


def test_explanations(digits, train_x):
    model = digits.quantize(train_x, data_scale=SCALE, quality="fast", explain="conv1")
    (explained,) = model.quantization.explanations
    assert explained.op.name == "conv1"
    assert {o.role for o in explained.operands} >= {"activation", "weight", "bias", "result"}


def test_what_quality_best_tried(digits, train_x):
    quality = digits.quantize(train_x, data_scale=SCALE).quantization.quality
    assert quality.held_back > 0
    assert len(quality.trials) > 3
    first, best = quality.trials[0], quality.trials[quality.chosen]
    assert best.logits_db + best.typical_db > first.logits_db + first.typical_db


def test_float_ops_are_warned_of(train_x):
    model = narrow.load(FLOAT)
    with pytest.warns(narrow.AccuracyWarning):
        narrow.load(bytes(model.quantize(train_x, data_scale=SCALE, quality="fast"))).quantize(scheme="q7")


def test_run_gives_the_files_of_the_command_line(small, test_x, tmp_path):
    path = tmp_path / "m.tflite"
    small.save(path)
    data = ["--data", DIGITS / "test_x.npy", "--data-scale", SCALE]
    for profile in ("narrow", "litert", "xnnpack"):
        cli("run", path, *data, "--profile", profile, "-o", tmp_path / "i.npy")
        cli("run", path, *data, "--profile", profile, "--dequantize", "-o", tmp_path / "r.npy")
        integers = small.run_int(test_x, data_scale=SCALE, profile=profile)
        assert integers.dtype == np.int8
        np.testing.assert_array_equal(integers, np.load(tmp_path / "i.npy"))
        real = small.run(test_x, data_scale=SCALE, profile=profile)
        assert real.dtype == np.float32
        np.testing.assert_array_equal(real, np.load(tmp_path / "r.npy"))


def test_run_stays_float(digits, test_x, tmp_path):
    cli("run", FLOAT, "--data", DIGITS / "test_x.npy", "--data-scale", SCALE, "-o", tmp_path / "y.npy")
    for run in (digits.run, digits.run_int):
        np.testing.assert_array_equal(run(test_x, data_scale=SCALE), np.load(tmp_path / "y.npy"))


def test_run_writes_every_tensor(small, test_x, tmp_path):
    small.run_int(test_x[:3], data_scale=SCALE, per_op=tmp_path / "tensors")
    assert (tmp_path / "tensors" / "index.json").exists()


def test_several_outputs_are_a_dictionary(digits, test_x):
    both = narrow.load(FLOAT, outputs=["conv1", "logits"])
    outputs = both.run(test_x[:4], data_scale=SCALE)
    assert list(outputs) == ["conv1", "logits"]
    np.testing.assert_array_equal(outputs["logits"], digits.run(test_x[:4], data_scale=SCALE))


def test_bytes_files_and_pickles(small, tmp_path):
    assert small.save(tmp_path / "m.tflite") == len(bytes(small))
    assert bytes(narrow.load(tmp_path / "m.tflite")) == bytes(small)
    assert bytes(narrow.load(bytes(small))) == bytes(small)
    again = pickle.loads(pickle.dumps(small))
    assert bytes(again) == bytes(small)
    assert (again.name, again.quantization) == (small.name, small.quantization)


def test_other_formats(tmp_path, test_x, digits):
    for name in ("model.h5", "frozen.pb"):
        model = narrow.load(DIGITS / name)
        cli("convert", DIGITS / name, "-o", tmp_path / "m.tflite")
        assert bytes(model.convert()) == (tmp_path / "m.tflite").read_bytes()
        np.testing.assert_allclose(model.run(test_x[:8], data_scale=SCALE), digits.run(test_x[:8], data_scale=SCALE),
                                   atol=1e-4)


def test_inspect(small, tmp_path):
    small.save(tmp_path / "m.tflite")
    told = cli("inspect", tmp_path / "m.tflite", "--json")
    info = small.inspect()
    assert (info.macs, info.parameters) == (told["macs"], told["parameters"])
    assert [(t.name, t.shape, t.dtype) for t in small.inputs] == [
        (t["name"], t["shape"], t["dtype"]) for t in told["inputs"]
    ]
    graph = info.graphs[0]
    assert [(op.name, op.op, op.macs) for op in graph.ops] == [(o["name"], o["op"], o["macs"]) for o in told["ops"]]
    np.testing.assert_allclose(small.outputs[0].scales, told["outputs"][0]["scales"], rtol=1e-7)


def test_verify(small, digits, train_x, tmp_path):
    assert small.verify("tflm") == []
    q15 = digits.quantize(train_x, data_scale=SCALE, scheme="q15", quality="fast")
    findings = q15.verify("litert")
    assert findings and all(f.what for f in findings)
    q15.save(tmp_path / "q.tflite")
    told = cli("verify", tmp_path / "q.tflite", "--runtime", "litert", "--json", code=1)
    assert len(told["findings"]) == len(findings)


def test_compile_writes_the_project_of_the_command_line(small, tmp_path):
    small.save(tmp_path / "m.tflite")
    options = ["--name", "digits", "--target", "cortex-m4", "--package", "arduino", "--flash", "64k"]
    told = cli("compile", tmp_path / "m.tflite", *options, "-o", tmp_path / "a", "--json")
    project = narrow.load(tmp_path / "m.tflite").compile(tmp_path / "b", name="digits", target="cortex-m4", package="arduino", flash="64k")
    assert project.files == told["files"]
    for name in project.files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert (project.flash_bytes, project.arena_bytes) == (told["flash_bytes"], told["arena_bytes"])
    assert [s.cycles for s in project.steps] == [s["cycles"] for s in told["steps"]]


def test_compile_over_budget_writes_nothing(small, tmp_path):
    project = small.compile(tmp_path / "c", flash=100)
    assert project.over_budget and not (tmp_path / "c").exists()


def test_compile_refuses_floats(digits, tmp_path):
    with pytest.raises(narrow.Error) as raised:
        digits.compile(tmp_path / "c")
    assert raised.value.kind == "unsupported"
    assert not (tmp_path / "c").exists()


def test_places_and_golden_samples(small, test_x, tmp_path):
    project = small.compile(tmp_path / "p", golden=test_x[:5], data_scale=SCALE, place={"DTCM": ("2k", "conv.*")})
    assert project.golden_samples == 5
    assert project.pools[0].limit == 2048 and project.pools[0].constants


def test_export(small, tmp_path):
    small.save(tmp_path / "m.tflite")
    cli("export", tmp_path / "m.tflite", "-o", tmp_path / "a", "--format", "header", "--name", "net")
    done = narrow.load(tmp_path / "m.tflite").export(tmp_path / "b", format="header", name="net")
    for name in done.files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_weights_and_coverage(digits):
    histograms = digits.weights()
    assert histograms and all(sum(h.counts) + h.not_finite == h.elements for h in histograms)
    assert {c.op: c.count for c in narrow.coverage(FLOAT)}["CONV_2D"] == 2
    assert any(op.op == "CONV_2D" and "narrow" in op.runtimes["int8"] for op in narrow.supported_ops())


def test_fit(digits, train_x, tmp_path):
    told = cli("fit", FLOAT, *DATA, "--max-drop", "4dB", "-o", tmp_path / "r.toml", "--json")
    fitted = digits.fit(train_x, data_scale=SCALE, max_drop="4dB")
    assert fitted.recipe == (tmp_path / "r.toml").read_text()
    assert len(fitted.trials) == len(told["trials"])
    (tmp_path / "again.toml").write_text(fitted.recipe)
    assert digits.quantize(train_x, data_scale=SCALE, recipe=tmp_path / "again.toml").size <= digits.size


def test_how_models_are_shown(small, digits):
    assert "6 ops, 3,706 parameters" in repr(digits)
    assert "image float32 [1, 8, 8, 1]" in repr(digits)
    page = small._repr_html_()
    assert page.count("<tr>") == 7 and "CONV_2D" in page and "<script" not in page


def test_names_of_files_are_escaped(small):
    model = narrow.load(bytes(small), name="<b>&.tflite")
    assert "<b>" not in model._repr_html_()


def test_shapes_of_free_dimensions(tmp_path):
    model = narrow.load(DIGITS / "model.h5", batch=2)
    assert model.inputs[0].shape[0] == 2
    with pytest.raises(narrow.Error) as raised:
        narrow.load(FLOAT, shape={"image": (1, 9, 9, 1)})
    assert raised.value.kind == "bad_option"


def test_infinite_decibels_are_said_to_be_exact(digits, test_x):
    one = digits.evaluate(test_x, reference=digits, data_scale=SCALE)
    assert math.isinf(one.sqnr_db) and "exact" in repr(one)


def test_the_version_is_the_librarys():
    assert f'"{narrow.__version__}"' in (ROOT / "include" / "narrow" / "version.h").read_text()


def test_names_and_paths_need_not_be_text(train_x, tmp_path):
    """Names as some files have them, and paths as a file system may: neither is UTF-8."""
    path = os.fsencode(tmp_path) + b"/\xff.tflite"
    with open(path, "wb") as file:
        file.write((DIGITS / "float.tflite").read_bytes().replace(b"conv1", b"\xff\xfenv1").replace(b"image", b"\xc3(age"))
    model = narrow.load(os.fsdecode(path))
    assert [t.name for t in model.inspect().graphs[0].tensors if "nv1" in t.name][-1] == r"\xff\xfenv1"
    assert model.inputs[0].name == r"\xc3(age"
    repr(model).encode()
    small = model.quantize(list(train_x), data_scale=SCALE, quality="fast")
    assert small.save(path + b"2") == os.path.getsize(path + b"2")
    small.report(tmp_path / "r.html", train_x, data_scale=SCALE)
    with pytest.raises(narrow.Error, match=r"tflite3"):
        narrow.load(os.fsdecode(path + b"3"))
