"""Where the tests find what they drive: narrow's binary, the build folder, the data beside the checkout."""
import os
import pathlib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
NARROW = os.environ.get("NARROW", str(BUILD / "narrow"))
SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))


def shared(name):
    """The path of a shared file or folder; skips the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        raise unittest.SkipTest(f"no {path}")
    return path


def whole_number(variable, default):
    """The environment variable as a number; decimal or 0x... ."""
    return int(os.environ.get(variable, default), 0)
