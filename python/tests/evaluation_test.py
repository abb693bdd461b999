"""Evaluations have the command line's figures; parts of one join to the same."""

import numpy as np
import pytest
from conftest import DIGITS, SCALE, cli

import narrow
from narrow.evaluation import joined


@pytest.fixture(scope="module")
def both(digits, small, test_x, test_y):
    return narrow.evaluate([digits, small], test_x, labels=test_y, reference=digits, data_scale=SCALE, per_op=True)


def test_figures_of_the_command_line(small, both, tmp_path):
    small.save(tmp_path / "m.tflite")
    data = ["--data", DIGITS / "test_x.npy", "--data-scale", SCALE, "--labels", DIGITS / "test_y.npy"]
    told = cli("evaluate", DIGITS / "float.tflite", tmp_path / "m.tflite", *data, "--reference",
               DIGITS / "float.tflite", "--per-op", "--json")["models"]
    for mine, its in zip(both, told):
        assert (mine.samples, mine.bytes, mine.confusion) == (its["samples"], its["bytes"], its["confusion"])
        assert [mine.top1, mine.top5, mine.agreement] == pytest.approx([its["top1"], its["top5"], its["agreement"]])
        assert mine.mse == pytest.approx(its["mse"], rel=1e-12)
        assert [op.name for op in mine.ops] == [op["name"] for op in its["ops"]]
    assert both[1].sqnr_db == pytest.approx(told[1]["sqnr_db"], rel=1e-12)
    assert both[1].median_db == pytest.approx(told[1]["median_sqnr_db"], rel=1e-12)
    assert both[1].ops[0].error.sqnr_db == pytest.approx(told[1]["ops"][0]["sqnr_db"], rel=1e-12)


def test_paths_are_models_too(both, small, test_x, tmp_path):
    small.save(tmp_path / "m.tflite")
    again = narrow.evaluate(tmp_path / "m.tflite", test_x, reference=DIGITS / "float.tflite", data_scale=SCALE)
    assert again[0].error == both[1].error


@pytest.mark.parametrize("parts", [1, 2, 7, 64])
def test_parts_join_to_the_whole(digits, small, test_x, test_y, both, parts):
    pieces = [
        narrow.evaluate(small, x, labels=y, reference=digits, data_scale=SCALE)[0]
        for x, y in zip(np.array_split(test_x, parts), np.array_split(test_y, parts))
    ]
    all_of_it = joined(pieces)
    for name in ("samples", "top1", "top5", "agreement", "reference_top1", "error", "median_db", "confusion"):
        assert getattr(all_of_it, name) == getattr(both[1], name), name
    for name in ("guess", "near", "right", "agreed", "signal", "noise", "values"):
        np.testing.assert_array_equal(getattr(all_of_it.each, name), getattr(both[1].each, name))


def test_parts_that_do_not_fit_are_refused(digits, small, test_x, test_y):
    labelled = small.evaluate(test_x, labels=test_y, data_scale=SCALE)
    with pytest.raises(narrow.Error, match="part 1"):
        joined([labelled, small.evaluate(test_x, data_scale=SCALE)])
    with pytest.raises(narrow.Error, match="part 1"):
        joined([labelled, digits.evaluate(test_x, labels=test_y, data_scale=SCALE)])
    with pytest.raises(narrow.Error, match="no `parts`"):
        joined([])


def test_tables(both):
    lines = repr(both).splitlines()
    assert len(lines) == 3 and lines[0].split()[:4] == ["model", "bytes", "samples", "top-1"]
    assert "98.89 %" in lines[2]
    page = both._repr_html_()
    assert page.count("<tr>") == 3 and "98.89 %" in page
    assert "SQNR" not in repr(narrow.Evaluations([both[0].__class__(**{**both[0].__dict__, "error": None})]))


def test_the_rows_say_what_became_of_each_sample(both, test_y):
    rows = both[1].each
    np.testing.assert_array_equal(rows.right, rows.guess == test_y)
    assert rows.right.mean() == both[1].top1


def test_refusals(digits, test_x):
    with pytest.raises(narrow.Error, match="there are no `models`"):
        narrow.evaluate([], test_x)
    with pytest.raises(narrow.Error, match="needs `reference`"):
        narrow.evaluate(digits, test_x, per_op=True)
    with pytest.raises(narrow.Error, match="choose narrow, tflm, litert, xnnpack"):
        narrow.evaluate(digits, test_x, profile="tf")
