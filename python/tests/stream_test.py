"""Networks that keep state, made of others as the command line makes them."""

import dataclasses
import sys

import numpy as np
import pytest
from conftest import ROOT, cli

import narrow

sys.path.insert(0, str(ROOT / "tests"))
pytest.importorskip("oracle.tflite_builder", exc_type=ImportError)


def moving_sum(time):
    """A causal sum of three frames as a .tflite file: what `stream` takes."""
    from oracle.tflite_builder import TfliteBuilder

    b = TfliteBuilder()
    x, y = b.input("x", (1, time, 1, 2), np.float32), b.output("y", (1, time - 2, 1, 1), np.float32)
    weights = b.tensor("w", (1, 3, 1, 2), np.float32, values=np.ones((1, 3, 1, 2)))
    bias = b.tensor("b", (1,), np.float32, values=np.zeros(1))
    b.op("CONV_2D", [x, weights, bias], [y], "Conv2DOptions", padding=1, strideH=1, strideW=1, dilationHFactor=1,
         dilationWFactor=1)
    return b.bytes()


def test_stream(tmp_path):
    (tmp_path / "m.tflite").write_bytes(moving_sum(8))
    model = narrow.load(tmp_path / "m.tflite")
    made, timing = model.stream(axis=1, frames=2)
    told = cli("convert", tmp_path / "m.tflite", "--stream", "1:2", "-o", tmp_path / "s.tflite", "--json")
    assert bytes(made) == (tmp_path / "s.tflite").read_bytes()
    assert dataclasses.asdict(timing) == {k: told[k] for k in dataclasses.asdict(timing)}
    x = np.arange(32, dtype=np.float32).reshape(8, 2, 1, 2)
    sums = made.run(x, sequence=4).reshape(2, 8)
    np.testing.assert_array_equal(sums[:, 2:], model.run(x.reshape(2, 8, 1, 2)).reshape(2, 6))
    for options, text in ((dict(axis=7), "no axis"), (dict(axis="time"), "`axis` does not take 'time'"),
                          (dict(frames=0), "`frames` does not take 0"), (dict(frames=9), "1 to 8 frames"),
                          (dict(axis=True), "`axis` does not take True"), (dict(axis=2**40), "`axis` does not take")):
        with pytest.raises(narrow.Error, match=text) as caught:
            model.stream(**options)
        assert caught.value.kind == "bad_option"


def test_states_that_callers_hand_on(tmp_path):
    from oracle.explicit_state_test import leaky_sum

    (tmp_path / "m.tflite").write_bytes(leaky_sum())
    model = narrow.load(tmp_path / "m.tflite")
    made = model.convert(state={"old": "new"})
    cli("convert", tmp_path / "m.tflite", "--state", "old=new", "-o", tmp_path / "s.tflite", "--json")
    assert bytes(made) == (tmp_path / "s.tflite").read_bytes()
    assert [t.name for t in made.inputs] == ["x"]
    for state, text in (("old=new", "`state` does not take"), ({"older": "new"}, "no input 'older'"), ({"old": 1}, "does not take")):
        with pytest.raises(narrow.Error, match=text):
            model.convert(state=state)
