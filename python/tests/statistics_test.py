"""Statistics join bit for bit, and travel as bytes."""

import pickle

import numpy as np
import pytest
from conftest import DIGITS, SCALE, cli

import narrow


@pytest.fixture(scope="module")
def whole(digits, train_x):
    return digits.calibrate(train_x, data_scale=SCALE)


def test_file_of_the_command_line(digits, whole, tmp_path):
    path = tmp_path / "s.nstat"
    cli("calibrate", DIGITS / "float.tflite", "--data", DIGITS / "train_x.npy", "--data-scale", SCALE, "-o", path)
    assert narrow.Statistics.load(path).samples == 200
    of_path = digits.calibrate(DIGITS / "train_x.npy", data_scale=SCALE)
    assert bytes(of_path) == path.read_bytes()
    # An array in memory is other data than a file, but holds the same.
    assert [(t.name, t.min, t.max, t.counts) for t in whole.tensors] == [
        (t.name, t.min, t.max, t.counts) for t in of_path.tensors
    ]


@pytest.mark.parametrize("parts", [2, 7, 64])
def test_shards_join_in_any_order(digits, train_x, whole, parts):
    pieces = [digits.calibrate(train_x, data_scale=SCALE, shard=(k, parts)) for k in range(parts)]
    np.random.default_rng(parts).shuffle(pieces)
    assert bytes(sum(pieces)) == bytes(whole)
    assert bytes(narrow.merge(pieces)) == bytes(whole)


def test_bytes_and_pickles(whole, tmp_path):
    assert narrow.Statistics.from_bytes(bytes(whole)) == whole
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert hash(pickle.loads(pickle.dumps(whole))) == hash(whole)
    whole.save(tmp_path / "s.nstat")
    assert narrow.Statistics.load(tmp_path / "s.nstat") == whole


def test_what_they_hold(whole, train_x):
    first = whole.tensors[0]
    assert (first.name, first.min, first.max) == ("image", 0.0, train_x.max() * SCALE)
    assert first.values == train_x.size and sum(first.counts) == train_x.size
    assert first.mean == pytest.approx(train_x.mean() * SCALE, rel=0.01)
    assert "7 tensors over 200 samples" in repr(whole)


def test_going_on(digits, train_x, whole):
    half = digits.calibrate(train_x, data_scale=SCALE, shard=(0, 2))
    assert digits.calibrate(train_x, data_scale=SCALE, resume=half) == whole


def test_refusals(digits, train_x, whole):
    half = digits.calibrate(train_x, data_scale=SCALE, shard=(0, 2))
    with pytest.raises(narrow.Error, match="sample"):
        half + half
    with pytest.raises(narrow.Error):
        half + digits.calibrate(train_x[:50], data_scale=SCALE)
    with pytest.raises(TypeError):
        half + 1
    with pytest.raises(narrow.Error, match="no `parts`"):
        narrow.merge([])
    with pytest.raises(narrow.Error, match="part 1 is int"):
        narrow.merge([half, 3])
    for torn in (bytes(whole)[:-1], b"", b"NSTAT002" + b"x" * 50):
        with pytest.raises(narrow.Error) as raised:
            narrow.Statistics.from_bytes(torn, "torn.nstat")
        assert raised.value.kind == "bad_file" and "torn.nstat" in str(raised.value)
    for shard in ((2, 2), (-1, 2), "ab", 3, (1, 0)):
        with pytest.raises(narrow.Error):
            digits.calibrate(train_x, shard=shard)


def test_the_merged_shards_quantize_alike(digits, train_x, whole):
    parts = [digits.calibrate(train_x, data_scale=SCALE, shard=(k, 3)) for k in range(3)]
    assert bytes(digits.quantize(statistics=sum(parts))) == bytes(digits.quantize(statistics=whole))
