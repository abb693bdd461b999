"""Samples in every form that users have them give the same model; what is none is refused in a line."""

import numpy as np
import pytest
from conftest import DIGITS, SCALE

import narrow


class Images:
    """A data set as PyTorch's are: a length, and an image [8, 8, 1] and a label for each index."""

    def __init__(self, x, y=None):
        self.x, self.y, self.asked = x, y, 0

    def __len__(self):
        return len(self.x)

    def __getitem__(self, k):
        if not 0 <= k < len(self.x):
            raise IndexError(k)
        self.asked += 1
        return self.x[k] if self.y is None else (self.x[k], int(self.y[k]))


class Batches:
    """Keras' Sequence: an index stands for a batch with its labels, here of 64."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return -(-len(self.x) // 64)

    def __getitem__(self, k):
        return self.x[64 * k : 64 * k + 64], self.y[64 * k : 64 * k + 64]


class Endless(Images):
    def __len__(self):
        raise TypeError("the length is not known")

    def __iter__(self):
        return iter(self.x)


class Reader:
    """ONNX Runtime's CalibrationDataReader."""

    def __init__(self, x):
        self.left = iter([{"image": row[None]} for row in x])

    def get_next(self):
        return next(self.left, None)


class Exchanged:
    """An array that only DLPack knows."""

    def __init__(self, x):
        self.x = x

    def __dlpack__(self, **options):
        return self.x.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.x.__dlpack_device__()


def test_all_forms_give_one_model(digits, train_x, small):
    x = train_x.reshape(-1, 8, 8, 1)
    labels = np.zeros(len(x), np.int64)
    wide = np.zeros((len(x), 8, 16, 1), np.uint8)
    wide[:, :, ::2] = x
    forms = {
        "array": x,
        "without the last axis": x.reshape(-1, 8, 8),
        "float32": x.astype(np.float32),
        "float64": x.astype(np.float64),
        "float16": x.astype(np.float16),
        "int32 of the other byte order": x.astype(">i4" if np.little_endian else "<i4"),
        "not contiguous": wide[:, :, ::2],
        "in Fortran's order": np.asfortranarray(x),
        "read only": _read_only(x),
        "dictionary": {"image": x},
        "DLPack": Exchanged(x),
        "list of samples": list(x),
        "list of batches": [x[:150], x[150:]],
        "generator of [1, ...]": (row[None] for row in x),
        "representative_dataset": lambda: ([row[None]] for row in x),
        "generator of dictionaries": ({"image": row[None]} for row in x),
        "batches with labels": [(x[k : k + 32], labels[k : k + 32]) for k in range(0, len(x), 32)],
        "samples with labels": ((row, 3) for row in x),
        "data set": Images(x),
        "data set with labels": Images(x, labels),
        "CalibrationDataReader": Reader(x),
        "memoryview": memoryview(x),
        "Keras' Sequence": Batches(x, labels),
        "((image,), label)": (((row,), 3) for row in x),
        "({name: image}, label)": (({"image": row}, 3) for row in x),
        "a data set that does not know its length": Endless(x),
        "a function that returns a path": lambda: str(DIGITS / "train_x.npy"),
        "path": DIGITS / "train_x.npy",
    }
    for name, data in forms.items():
        assert bytes(digits.quantize(data, data_scale=SCALE, quality="fast")) == bytes(small), name


def _read_only(x):
    out = x.copy()
    out.flags.writeable = False
    return out


def test_torch(digits, train_x, small):
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(train_x.reshape(-1, 8, 8, 1))
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, torch.zeros(len(x), dtype=torch.int64)), 17)
    tracked = x.float().requires_grad_()
    for data in (x, loader, torch.utils.data.TensorDataset(x), tracked):
        assert bytes(digits.quantize(data, data_scale=SCALE, quality="fast")) == bytes(small)


def test_an_array_is_not_copied(digits, train_x):
    from narrow._data import samples_of

    x = np.ascontiguousarray(train_x)
    (name, array), = samples_of(x, digits.inputs).source["arrays"]
    assert name == "" and np.shares_memory(array, x)


def test_a_data_set_is_read_when_it_is_needed(digits, train_x):
    images = Images(train_x.reshape(-1, 8, 8, 1))
    digits.calibrate(images, data_scale=SCALE, samples=20)
    assert images.asked < 40


def test_labels_of_a_loader_are_used(digits, test_x, test_y):
    x = test_x.reshape(-1, 8, 8, 1)
    loader = [(x[k : k + 50], test_y[k : k + 50]) for k in range(0, len(x), 50)]
    alone = digits.evaluate(loader, data_scale=SCALE)
    assert alone.top1 == digits.evaluate(x, labels=test_y, data_scale=SCALE).top1


def test_labels_of_every_loader_are_used(digits, test_x, test_y):
    x = test_x.reshape(-1, 8, 8, 1)
    one_hot = np.eye(10, dtype=np.float32)[test_y]
    top1 = digits.evaluate(x, labels=test_y, data_scale=SCALE).top1
    for data in (Images(x, test_y), Batches(x, test_y), [(x, one_hot)], zip(x, one_hot), zip(x, one_hot.astype(int)),
                 zip(({"image": row} for row in x), test_y)):
        assert digits.evaluate(data, data_scale=SCALE).top1 == top1
    masks = [(x[k : k + 90], np.zeros((90, 8, 8), np.int64)) for k in range(0, 360, 90)]
    assert digits.evaluate(masks, data_scale=SCALE).top1 is None


def test_labels_of_some_samples_are_refused(digits, test_x, test_y):
    x = test_x.reshape(-1, 8, 8, 1)
    for loader in ([(x[:100], test_y[:99]), (x[100:], test_y[100:])], [(x[:100], test_y[:100]), x[100:]]):
        with pytest.raises(narrow.Error, match=r"labels for 360 samples"):
            digits.evaluate(loader, data_scale=SCALE)


def test_statistics_are_the_same_in_every_form(digits, train_x):
    x = train_x.reshape(-1, 8, 8, 1)
    whole = digits.calibrate(x, data_scale=SCALE)
    for data in ({"image": x}, list(x), ([row[None]] for row in x)):
        assert digits.calibrate(data, data_scale=SCALE) == whole
    assert digits.calibrate(list(x), shard=(0, 2), data_scale=SCALE) + digits.calibrate(
        x, shard=(1, 2), data_scale=SCALE) == whole


def test_labels(digits, test_x, test_y):
    one_hot = np.eye(10)[test_y]
    top1 = digits.evaluate(test_x, labels=test_y, data_scale=SCALE).top1
    for labels in (list(test_y), test_y.astype(np.uint8), test_y[:, None], one_hot, DIGITS / "test_y.npy"):
        assert digits.evaluate(test_x, labels=labels, data_scale=SCALE).top1 == top1
    for bad, words in (
        (test_y.astype(np.float32), "whole number"),
        (one_hot * 0.5, "one-hot"),
        (["a"] * len(test_y), "whole number"),
        (test_y[:100], "100 labels for 360 samples"),
        (test_y + 10, "classes"),
        ([[1], [1, 2]], "whole number"),
        (np.ma.array(test_y, mask=test_y == 3), "masked"),
    ):
        with pytest.raises(narrow.Error, match=words):
            digits.evaluate(test_x, labels=bad, data_scale=SCALE)


def raising():
    yield np.zeros((1, 8, 8, 1), np.float32)
    raise RuntimeError("the disk is gone")


class Broken(Images):
    def __getitem__(self, k):
        if k == 77:
            raise RuntimeError("the disk is gone")
        return super().__getitem__(k)


def test_exceptions_of_data_come_through(digits, train_x):
    for data in (raising(), raising, Broken(train_x.reshape(-1, 8, 8, 1))):
        with pytest.raises(RuntimeError, match="the disk is gone"):
            digits.quantize(data)
    assert digits.quantize(train_x, quality="fast").size > 0


class Ragged(Images):
    def __getitem__(self, k):
        return super().__getitem__(k)[: 8 if k < 150 else 7]


def zeros(*shape, dtype=np.float32):
    return np.zeros(shape, dtype)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "iterable is empty"),
        (iter(()), "iterable is empty"),
        (lambda: iter(()), "iterable is empty"),
        (Images(zeros(0, 8, 8, 1)), "data set is empty"),
        (zeros(0, 8, 8, 1), "no samples"),
        (5, "cannot be taken from int"),
        (b"bytes", "cannot be taken from bytes"),
        (object(), "cannot be taken from object"),
        (["a", "b"], "a sample is str, not an array"),
        ([[["a"]]], "holds no numbers"),
        (np.array([None, 1], object), "holds no numbers"),
        (zeros(4, 8, 8, 1, dtype=np.complex64), "holds no numbers"),
        (np.array(["a"]), "holds no numbers"),
        (zeros(4, 9, 8, 1), "8"),
        ([zeros(1, 9, 8, 1)], "is no sample of input 'image'"),
        ([zeros(1, 8, 8, 1), zeros(1, 7, 8, 1)], "is no sample of input 'image'"),
        ([(zeros(1, 8, 8, 1), zeros(1, 8, 8, 1))], "the model has 1 input"),
        ([(zeros(1, 8, 8, 1), 1, 2, 3)], "the model has 1 input"),
        ([{"picture": zeros(1, 8, 8, 1), "b": 1}], "nothing for input 'image'"),
        ({"picture": zeros(4, 8, 8, 1), "b": zeros(4, 1)}, "picture"),
        ({}, "`data`"),
        ("/nowhere/x.npy", "/nowhere/x.npy"),
        (Ragged(zeros(200, 8, 8, 1)), "is no sample of input 'image'"),
        (np.ma.array(zeros(4, 8, 8, 1), mask=True), "masked"),
        (dict, "the class dict"),
        ("a\0b", "NUL"),
        (zeros(4, 8, 8, 1).tolist(), "numpy.asarray"),
        (np.full((4, 8, 8, 1), np.nan, np.float32), "NaN in input 'image' at sample 0"),
    ],
    ids=lambda v: None if isinstance(v, str) else type(v).__name__,
)
def test_what_is_no_data_is_refused(digits, data, words):
    with pytest.raises(narrow.Error) as raised:
        digits.quantize(data, quality="fast")
    assert words in str(raised.value)
    assert raised.value.kind in ("bad_data", "bad_option", "io")
    assert "\n" not in raised.value.what


def test_a_model_stays_usable_after_an_error(digits, train_x, small):
    for _ in range(3):
        with pytest.raises(narrow.Error):
            digits.quantize(zeros(4, 3))
    assert bytes(digits.quantize(train_x, data_scale=SCALE, quality="fast")) == bytes(small)
