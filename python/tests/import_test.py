"""Importing the package: quick, and undisturbed by what else is in the process."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import DIGITS

import narrow

PATH = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(narrow.__file__))}


def run(script):
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, env=PATH)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_numpy_is_imported_when_it_is_needed():
    assert run("import sys, narrow; print('numpy' in sys.modules); narrow.load; print('numpy' in sys.modules)") == (
        "False\nTrue\n")


def test_all_names_are_there():
    for name in narrow.__all__:
        assert getattr(narrow, name) is not None
    assert set(narrow.__all__) <= set(dir(narrow))
    with pytest.raises(AttributeError, match="no attribute 'Modell'"):
        narrow.Modell


def test_functions_of_the_same_names_do_not_disturb(tmp_path):
    """As TensorFlow does: a library that the whole process sees has functions named as those of narrow's libraries."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        pytest.skip("no C compiler")
    names = ["xnn_initialize", "xnn_create_convolution2d_nhwc_f32", "xnn_create_fully_connected_nc_f32",
             "xnn_run_operator", "pthreadpool_create", "nw_conv2d_i8_double"]
    source = tmp_path / "other.c"
    source.write_text("#include <stdlib.h>\n" + "".join(f"int {n}(void) {{ abort(); }}\n" for n in names))
    subprocess.run([compiler, "-shared", "-fPIC", "-o", tmp_path / "libother.so", source], check=True)
    said = run(f"""
import ctypes
ctypes.CDLL({str(tmp_path / "libother.so")!r}, mode=ctypes.RTLD_GLOBAL)
import narrow
print(narrow.load({str(DIGITS / "float.tflite")!r}).quantize({str(DIGITS / "train_x.npy")!r}, data_scale=1 / 16).size)
""")
    assert 6000 < int(said) < 7000
