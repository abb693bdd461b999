"""Reports from Python are those of the command line."""

import json

import pytest
from conftest import DIGITS, SCALE, cli

import narrow


@pytest.fixture(scope="module")
def best(digits, train_x):
    return digits.quantize(train_x, data_scale=SCALE)


def test_the_numbers_of_the_command_line(best, train_x, tmp_path):
    cli("quantize", DIGITS / "float.tflite", "--data", DIGITS / "train_x.npy", "--data-scale", SCALE, "-o",
        tmp_path / "float_int8", "--report", tmp_path / "r.json", "--node-data", tmp_path / "n.json")
    told = json.loads((tmp_path / "r.json").read_text())["report"]
    report = best.report(data=train_x, data_scale=SCALE, try_schemes=True)
    mine = report.numbers
    assert mine.keys() == told.keys()
    for name in told:
        if name not in ("quality", "notes", "warnings", "advice"):  # seconds, and how options are spelled
            assert mine[name] == told[name], name
    assert json.loads(report.node_data["sqnr"]) == json.loads((tmp_path / "n.json").read_text())


def test_pages_and_files(best, digits, train_x, tmp_path):
    report = narrow.report([digits, best], tmp_path / "r.html", train_x, data_scale=SCALE, flash="64k", max_drop="20dB",
                           node_data=tmp_path / "n.json")
    page = (tmp_path / "r.html").read_text()
    assert page == report.html and page.lower().startswith("<!doctype html>")
    assert [v["kept"] for v in report.numbers["verdict"]] == [True, True]
    assert (tmp_path / "n.json").exists() and len(list(tmp_path.glob("n.*.json"))) == len(report.node_data) - 1
    assert "<iframe" in report._repr_html_() and "Report of" in repr(report)
    report.save(tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text()) == report.numbers


def test_without_samples_nothing_is_measured(best):
    assert best.report().numbers["measured_samples"] == 0


def test_a_model_from_a_file_takes_the_reference(best, digits, train_x, tmp_path):
    best.save(tmp_path / "m.tflite")
    report = narrow.load(tmp_path / "m.tflite").report(data=train_x, data_scale=SCALE, reference=digits)
    assert report.numbers["measured_samples"] > 0


class Never:
    def __iter__(self):
        raise AssertionError("samples are asked for where nothing can be written")


def test_refusals(best, train_x, tmp_path):
    for path in ("r.pdf", "no/such/r.html"):
        with pytest.raises(narrow.Error) as raised:
            best.report(tmp_path / path)
        assert path in str(raised.value)
    for where in ({"path": tmp_path / "r.pdf"}, {"node_data": tmp_path / "n.txt"},
                  {"path": tmp_path / "r.html", "node_data": tmp_path / "no" / "n.json"}):
        with pytest.raises(narrow.Error) as raised:
            best.report(data=Never(), **where)
        assert raised.value.field in where
    for options, words in (({"data": train_x, "max_drop": "1%"}, "needs `labels`"), ({"max_drop": "30dB"}, "on samples")):
        with pytest.raises(narrow.Error, match=words) as raised:
            best.report(**options)
        assert (raised.value.kind, raised.value.field) == ("bad_option", "max_drop")
    with pytest.raises(narrow.Error, match="no `models`"):
        narrow.report([])
    with pytest.raises(narrow.Error):
        best.report(data=train_x[:0])
    assert not list(tmp_path.iterdir())
