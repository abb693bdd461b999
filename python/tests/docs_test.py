"""Programs in the documentation of the Python package, its README and its notebooks run, and print what the pages say."""

import contextlib
import io
import json
import os
import re
import shutil

import pytest
from conftest import DIGITS, ROOT, SHARED

import narrow


@contextlib.contextmanager
def inside(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(cells, folder):
    """Runs programs one after the other in one namespace, as a notebook does; what they print."""
    names = {"__name__": "__main__"}
    out = io.StringIO()
    with inside(folder), contextlib.redirect_stdout(out):
        for cell in cells:
            exec(compile(cell, "cell", "exec"), names)
    return out.getvalue()


@pytest.fixture
def digits_folder(tmp_path):
    for name in ("float.tflite", "train_x.npy", "test_x.npy", "test_y.npy"):
        shutil.copy(DIGITS / name, tmp_path)
    return tmp_path


@pytest.fixture
def kws_folder(tmp_path):
    if not SHARED.exists():
        pytest.skip("no shared data")
    shutil.copy(SHARED / "models" / "kws" / "float.tflite", tmp_path / "kws.tflite")
    shutil.copy(SHARED / "kws01" / "x.npy", tmp_path / "kws_x.npy")
    shutil.copy(SHARED / "kws01" / "y.npy", tmp_path / "kws_y.npy")
    return tmp_path


def programs(page):
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), re.S | re.M)


def test_the_page(digits_folder):
    said = run(programs("docs/python.md"), digits_folder)
    assert "98.89 %" in said
    assert "of flash" in said
    assert "356 of 360" in said
    assert "bad_option | `scheme` does not take 'int9' | choose int8" in said
    assert (digits_folder / "digits" / "selftest.c").exists()


def test_the_lines_of_tf_lite(digits_folder):
    """The line that replaces the converter, with the Keras model in its file."""
    page = (ROOT / "docs/python.md").read_text()
    line, = re.findall(r"^```\n(tflite_model = bytes\(.*?)```", page, re.S | re.M)
    setting = """
import numpy as np, narrow
model = "model.h5"
def representative_data_gen():
    for image in np.load("train_x.npy")[:100]:
        yield [image[None] / np.float32(16)]
"""
    shutil.copy(DIGITS / "model.h5", digits_folder)
    run([setting, line, "open('out.tflite', 'wb').write(tflite_model)"], digits_folder)
    model = narrow.load(digits_folder / "out.tflite")
    assert (model.inputs[0].dtype, model.outputs[0].dtype) == ("uint8", "uint8")


def test_the_lines_of_tf_lite_on_a_keras_model(digits_folder):
    tensorflow = pytest.importorskip("tensorflow")
    import numpy as np

    page = (ROOT / "docs/python.md").read_text()
    generator, = re.findall(r"^(def representative_data_gen.*?)^\n", page, re.S | re.M)
    line, = re.findall(r"^```\n(tflite_model = bytes\(.*?)```", page, re.S | re.M)
    names = {"tf": tensorflow, "narrow": narrow}
    names["model"] = tensorflow.keras.models.load_model(DIGITS / "model.h5", compile=False)
    names["train_images"] = np.load(DIGITS / "train_x.npy").astype(np.float32) / 16
    exec(generator + line, names)
    assert narrow.load(names["tflite_model"]).inputs[0].dtype == "uint8"


def test_streaming(tmp_path):
    """Windows and frames of the tutorial's sounds."""
    if not SHARED.exists():
        pytest.skip("no shared data")
    shutil.copy(SHARED / "arm-kws" / "CNN_S.pb", tmp_path)
    features = (ROOT / "examples/keywords/features.py").read_text()
    sounds = [str(SHARED / "speech" / f"{word}.wav") for word in "silence yes noise no silence yes no".split()]
    with inside(tmp_path), contextlib.redirect_stdout(io.StringIO()):
        names = {"__name__": "features"}
        exec(compile(features, "features.py", "exec"), names)
        names["main"](*sounds)
    program, printed = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", (ROOT / "docs/streaming.md").read_text(), re.S).groups()
    assert run([program], tmp_path) == printed
    assert (tmp_path / "keywords" / "selftest.c").exists()


def test_the_readme(kws_folder):
    program, printed = re.search(r"```python\n(import.*?)```\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S).groups()

    def without_speed(text):
        return [line.split()[:-1] for line in text.splitlines() if line.strip()]

    assert without_speed(run([program], kws_folder)) == without_speed(printed)


def cells(name):
    notebook = json.loads((ROOT / "python" / "notebooks" / name).read_text())
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def test_the_notebook_on_keyword_spotting(kws_folder):
    run(cells("keyword_spotting.ipynb"), kws_folder)
    assert (kws_folder / "kws" / "selftest.c").exists()


def test_the_notebook_on_pytorch(tmp_path):
    if not SHARED.exists():
        pytest.skip("no shared data")
    shutil.copy(SHARED / "models" / "torch_cnn" / "model_ts.onnx", tmp_path / "cnn.onnx")
    shutil.copy(SHARED / "cifar10" / "calibration_x.npy", tmp_path / "train_x.npy")
    shutil.copy(SHARED / "cifar10" / "test_x.npy", tmp_path / "test_x.npy")
    shutil.copy(SHARED / "cifar10" / "test_y.npy", tmp_path / "test_y.npy")
    run(cells("pytorch.ipynb"), tmp_path)
    assert (tmp_path / "cnn" / "selftest.c").exists()
