"""Stand-ins for LiteRT's Interpreter: the same loop gives the same integers."""

import numpy as np
import pytest
from conftest import DIGITS, SCALE, SHARED

import narrow


def loop(interpreter, x):
    """An evaluation loop as people have it: LiteRT's methods, a sample at a time."""
    interpreter.allocate_tensors()
    given, = interpreter.get_input_details()
    wanted, = interpreter.get_output_details()
    scale, zero_point = given["quantization"]
    out = []
    for row in x:
        if scale:
            row = np.clip(np.round(row / scale) + zero_point, -128, 127)
        interpreter.set_tensor(given["index"], row.reshape(given["shape"]).astype(given["dtype"]))
        interpreter.invoke()
        out.append(interpreter.get_tensor(wanted["index"])[0])
    return np.array(out)


@pytest.fixture(scope="module")
def x(test_x):
    return test_x.astype(np.float32) * SCALE


def test_the_loop_of_litert(small, digits, x):
    litert = pytest.importorskip("ai_edge_litert.interpreter")
    for model in (small, digits):
        theirs = litert.Interpreter(
            model_content=bytes(model),
            experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF,
        )
        mine = narrow.Interpreter(model, profile="litert")
        np.testing.assert_allclose(loop(mine, x), loop(theirs, x), atol=0 if model is small else 1e-5)
        for a, b in zip(mine.get_input_details() + mine.get_output_details(),
                        theirs.get_input_details() + theirs.get_output_details()):
            assert (a["name"], a["dtype"]) == (b["name"], b["dtype"])
            assert a["quantization"] == pytest.approx(b["quantization"])
            np.testing.assert_array_equal(a["shape"], b["shape"])
            np.testing.assert_array_equal(a["shape_signature"], b["shape_signature"])
            assert a["quantization_parameters"].keys() <= b["quantization_parameters"].keys()
            assert a.keys() <= b.keys()


def test_it_gives_what_run_int_gives(small, test_x, x):
    for profile in ("narrow", "tflm", "xnnpack"):
        interpreter = narrow.Interpreter(small, profile=profile)
        np.testing.assert_array_equal(loop(interpreter, x), small.run_int(x, profile=profile))


def test_where_models_come_from(small, tmp_path):
    small.save(tmp_path / "m.tflite")
    for interpreter in (
        narrow.Interpreter(tmp_path / "m.tflite"),
        narrow.Interpreter(model_path=str(tmp_path / "m.tflite")),
        narrow.Interpreter(model_content=bytes(small), num_threads=1),
    ):
        assert interpreter.get_input_details()[0]["name"] == "image"
    for wrong in ({}, {"model": small, "model_content": b""}):
        with pytest.raises(narrow.Error, match="give one model"):
            narrow.Interpreter(**wrong)


def test_memory_in_place(small):
    interpreter = narrow.Interpreter(small)
    index = interpreter.get_input_details()[0]["index"]
    interpreter.tensor(index)()[:] = 5
    assert (interpreter.get_tensor(index) == 5).all()
    copy = interpreter.get_tensor(index)
    copy[:] = 0
    assert (interpreter.get_tensor(index) == 5).all()


def test_arrays_outlive_the_interpreter(small):
    interpreter = narrow.Interpreter(small)
    view = interpreter.tensor(interpreter.get_output_details()[0]["index"])()
    del interpreter
    assert view.shape == (1, 10) and np.isfinite(view.sum())


def test_refusals(small):
    interpreter = narrow.Interpreter(small)
    index = interpreter.get_input_details()[0]["index"]
    with pytest.raises(narrow.Error, match="takes int8, not float32"):
        interpreter.set_tensor(index, np.zeros((1, 8, 8, 1), np.float32))
    with pytest.raises(narrow.Error, match=r"shape \[1, 8, 8, 1\]"):
        interpreter.set_tensor(index, np.zeros((8, 8, 1), np.int8))
    with pytest.raises(narrow.Error, match="is not an input"):
        interpreter.set_tensor(99, np.zeros((1, 8, 8, 1), np.int8))
    with pytest.raises(narrow.Error, match="is not an input or output"):
        interpreter.get_tensor(99)
    interpreter.resize_tensor_input(index, [1, 8, 8, 1])
    with pytest.raises(narrow.Error, match="load the model"):
        interpreter.resize_tensor_input(index, [2, 8, 8, 1])
    with pytest.raises(narrow.Error, match="choose narrow"):
        narrow.Interpreter(small, profile="tf")


def test_state_is_kept_and_reset(test_x):
    interpreter = narrow.Interpreter(DIGITS / "float.tflite")
    interpreter.reset_all_variables()
    interpreter.invoke()


def test_a_loop_calibrates_on_the_way(digits, x, small):
    calibrator = narrow.Calibrator(DIGITS / "float.tflite")
    outputs = loop(calibrator, x[:100])
    np.testing.assert_array_equal(outputs, digits.run(x[:100]))
    assert calibrator.samples == 100
    assert calibrator.statistics == digits.calibrate({"image": x[:100].reshape(100, 8, 8, 1)})
    assert bytes(calibrator.quantize(quality="fast")) == bytes(digits.quantize(x[:100], quality="fast"))


def test_a_calibrator_without_samples_says_so():
    with pytest.raises(narrow.Error, match="no sample has been run"):
        narrow.Calibrator(DIGITS / "float.tflite").statistics


def test_memory_begins_with_zeros(small):
    interpreter = narrow.Interpreter(small)
    for details in interpreter.get_input_details() + interpreter.get_output_details():
        assert not interpreter.get_tensor(details["index"]).any()


def test_a_calibrator_remembers_whose_graph_it_ran(digits, x):
    calibrator = narrow.Calibrator(digits, signature="serving_default")
    loop(calibrator, x[:20])
    assert calibrator.statistics == digits.calibrate(x[:20].reshape(20, 8, 8, 1), signature="serving_default")
    assert calibrator._options() == {"signature": "serving_default"}


def test_resets_of_a_model_without_state_change_nothing(digits, x):
    calibrator = narrow.Calibrator(digits)
    loop(calibrator, x[:20])
    calibrator.reset_all_variables()
    loop(calibrator, x[20:30])
    calibrator.reset_all_variables()
    assert calibrator.statistics == digits.calibrate(x[:30].reshape(30, 8, 8, 1))


def test_a_calibrator_remembers_where_sequences_begin():
    case = SHARED.parent / "cases" / "streaming-state"
    if not case.exists():
        pytest.skip("no shared cases")
    frames = np.load(case / "frames.npy")[:50]
    model = narrow.load(case / "model.tflite")

    def run(*begins):
        calibrator = narrow.Calibrator(model)
        for k, frame in enumerate(frames):
            if k in begins:
                calibrator.reset_all_variables()
            loop(calibrator, frame[None])
        return calibrator

    assert run().statistics == run(0).statistics == model.calibrate(frames)
    assert run(20, 40).statistics == model.calibrate(frames, sequence=20) != model.calibrate(frames)
    assert bytes(run(20, 40).quantize()) == bytes(model.quantize(frames, sequence=20))
    with pytest.raises(narrow.Error, match="different lengths"):
        run(20, 25).quantize()
