"""What the tests of the Python package share. They import the package that the build made in build/python, or, where
NARROW_INSTALLED is set, the one that is installed."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("NARROW_BUILD", ROOT / "build"))
SHARED = ROOT.parent / "shared" / "data"
DIGITS = ROOT / "examples" / "digits"
SCALE = 1 / 16  # of the stored pixels of examples/digits

if not os.environ.get("NARROW_INSTALLED"):
    sys.path.insert(0, str(BUILD / "python"))


def cli(*words, code=0):
    """Runs the command line; its JSON object, or its text where it does not print any."""
    command = [str(BUILD / "narrow"), *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if "--json" in words else done.stdout


@pytest.fixture(scope="session")
def digits():
    import narrow

    return narrow.load(DIGITS / "float.tflite")


@pytest.fixture(scope="session")
def train_x():
    import numpy as np

    return np.load(DIGITS / "train_x.npy")


@pytest.fixture(scope="session")
def test_x():
    import numpy as np

    return np.load(DIGITS / "test_x.npy")


@pytest.fixture(scope="session")
def test_y():
    import numpy as np

    return np.load(DIGITS / "test_y.npy")


@pytest.fixture(scope="session")
def small(digits, train_x):
    """The example in int8, by quality "fast"."""
    return digits.quantize(train_x, data_scale=SCALE, quality="fast")
