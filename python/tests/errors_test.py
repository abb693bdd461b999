"""What the command line refuses is refused in the same words."""

import os
import pickle

import pytest
from conftest import DIGITS, SCALE, cli

import narrow
from model_test import words_of

FLOAT = DIGITS / "float.tflite"

REFUSED = [
    {"scheme": "int9"},
    {"weights": 5},
    {"activations": 12},
    {"bias": 7},
    {"accumulator": 16},
    {"rounding": "up"},
    {"granularity": "row"},
    {"scales": "pow3"},
    {"io": "int32"},
    {"range": "best"},
    {"range": "percentile:20"},
    {"range": "minmax:3"},
    {"headroom": 0.5},
    {"headroom": 99.0},
    {"quality": "good"},
    {"candidates": 0},
    {"samples": 0},
    {"samples": 1000},
    {"sequence": 4},
    {"threads": 0},
    {"on_nan": "ignore"},
    {"weight_rounding": "best"},
    {"signature": "serve"},
    {"keep_float": "("},
    {"explain": "nobody"},
    {"recipe": "/nowhere/r.toml"},
]


def bare(text):
    """Words without how options are spelled and quoted, which differs."""
    for mark in ("--", "`", "'", '"'):
        text = text.replace(mark, "")
    return text.replace("_", " ").replace("-", " ").replace("=", " ").split()


@pytest.mark.parametrize("options", REFUSED, ids=lambda o: " ".join(map(str, words_of(o))))
def test_options(digits, train_x, tmp_path, options):
    data = ["--data", DIGITS / "train_x.npy", "--data-scale", SCALE]
    out = tmp_path / "q.tflite"
    code = {"/nowhere/r.toml": 5}.get(options.get("recipe"), 2)
    told = cli("quantize", FLOAT, *data, *words_of(options), "-o", out, "--json", code=code)["error"]
    with pytest.raises(narrow.Error) as raised:
        digits.quantize(train_x, data_scale=SCALE, **options)
    error = raised.value
    assert error.kind == told["kind"]
    assert bare(error.what) == bare(told["what"])
    assert "\n" not in error.what


def test_wrong_types_are_refused_by_name(digits, train_x):
    for options in ({"scheme": 8}, {"weights": "8"}, {"threads": 1.5}, {"threads": True}, {"allow_float": 1},
                    {"data_scale": "1/16"}, {"data_scale": float("nan")}, {"act_max": {"conv1": "x"}},
                    {"samples": 2**80}, {"keep_float": 3}, {"act_max": {"nobody": 1.0}}, {"act_max": 3},
                    {"recipe": 3}, {"statistics": 3}, {"signature": 3}, {"progress": 3}):
        with pytest.raises(narrow.Error) as raised:
            digits.quantize(train_x, **options)
        assert raised.value.kind == "bad_option"
        assert raised.value.field in (*options, "act_max")


def test_wrong_types_elsewhere(digits, train_x, small, tmp_path):
    for field, call in (
        ("shape", lambda: narrow.load(FLOAT, shape=3)),
        ("shape", lambda: narrow.load(FLOAT, shape={"image": 3})),
        ("inputs", lambda: narrow.load(FLOAT, inputs=3)),
        ("resume", lambda: digits.calibrate(train_x, resume="a.nstat")),
        ("shard", lambda: digits.calibrate(train_x, shard=(0.5, 2))),
        ("shard", lambda: digits.calibrate(train_x, shard="01")),
        ("source", lambda: narrow.evaluate(small, train_x, reference=3)),
        ("models", lambda: narrow.evaluate(None, train_x)),
        ("models", lambda: narrow.report([3])),
        ("path", lambda: small.save(None)),
        ("path", lambda: small.save(f"{tmp_path}/a\0b")),
        ("folder", lambda: small.compile(3)),
        ("path", lambda: narrow.Statistics.load(3)),
    ):
        with pytest.raises(narrow.Error) as raised:
            call()
        assert (raised.value.kind, raised.value.field) == ("bad_option", field)
    assert not list(tmp_path.iterdir())
    assert small.save(os.fsencode(tmp_path / "b.tflite")) == (tmp_path / "b.tflite").stat().st_size


def test_unknown_keywords_are_python_errors(digits, train_x):
    with pytest.raises(TypeError, match="schema"):
        digits.quantize(train_x, schema="int8")


def test_files(tmp_path):
    (tmp_path / "torn.tflite").write_bytes(FLOAT.read_bytes()[:1000])
    (tmp_path / "text.onnx").write_text("hello")
    for path, kind in ((tmp_path / "torn.tflite", "bad_file"), (tmp_path / "text.onnx", None),
                       (tmp_path / "nobody.tflite", "io")):
        with pytest.raises(narrow.Error) as raised:
            narrow.load(path)
        assert path.name in str(raised.value)
        assert kind in (None, raised.value.kind)
    with pytest.raises(narrow.Error, match="cannot be read from int"):
        narrow.load(3)
    with pytest.raises(narrow.Error) as raised:
        narrow.load(b"")
    assert raised.value.kind in ("bad_file", "unsupported")


def test_writing(small, tmp_path):
    with pytest.raises(narrow.Error) as raised:
        small.save(tmp_path / "no" / "such" / "m.tflite")
    assert raised.value.kind == "io"
    with pytest.raises(narrow.Error):
        small.compile(tmp_path / "p", name="1 2")
    with pytest.raises(narrow.Error):
        small.compile(tmp_path / "p", place={"DTCM": "much"})
    with pytest.raises(narrow.Error):
        small.export(tmp_path / "e", layout="nhwc")
    assert not list(tmp_path.iterdir())


def test_verify_names_the_runtimes(small):
    with pytest.raises(narrow.Error, match="choose tflm, litert, cmsis-nn, edgetpu, narrow"):
        small.verify("tf")


def test_errors_pickle():
    error = narrow.Error("io", "what", "where", "remedy", "field")
    again = pickle.loads(pickle.dumps(error))
    assert (again.kind, again.what, again.where, again.remedy, again.field) == (
        "io", "what", "where", "remedy", "field")
    assert str(again) == "what (where)\nremedy"


def test_texts_name_keywords(digits, train_x):
    with pytest.raises(narrow.Error) as raised:
        digits.calibrate(train_x, data_scale=0.5, data_is_quantized=True)
    assert (raised.value.field, "`data_is_quantized`" in str(raised.value)) == ("data_is_quantized", True)
    assert "data." not in str(raised.value)


def test_limits(digits):
    with pytest.raises(narrow.Error, match="arena-bytes"):
        narrow.set_limits(arena=3)
    try:
        narrow.set_limits(file_bytes=1000)
        with pytest.raises(narrow.Error) as raised:
            narrow.load(FLOAT)
        assert raised.value.kind == "limit_exceeded"
    finally:
        narrow.set_limits(file_bytes=2 << 30)
    assert narrow.load(FLOAT).size == digits.size
