"""narrow.data against TensorFlow's, Keras' and librosa's own ops: stored results of theirs (data_oracle.py), and live where
they can be imported. Nothing here needs the compiled module."""
import io
import pathlib
import pickle
import re
import struct
import sys
import types
import wave

import numpy as np
import pytest

HERE = pathlib.Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"
try:
    import narrow  # noqa: F401
except ImportError:  # not built: the package without its compiled module
    package = types.ModuleType("narrow")
    package.__path__ = [str(HERE.parent / "narrow")]
    sys.modules["narrow"] = package
sys.path.insert(0, str(HERE))

import data_oracle as oracle  # noqa: E402
import narrow.data as data  # noqa: E402
from narrow._error import Error  # noqa: E402
from narrow.data import resize  # noqa: E402

GOLDENS = np.load(HERE / "data_goldens.npz")
# The largest differences that float32 arithmetic of the frameworks may make: measured ones, times four at least.
BOUND = {"mlperf-tiny-kws": 1e-4, "mlperf-tiny-sww": 3e-5, "mlperf-tiny-ad": 2e-5, "arm-kws": 4e-6, "arm-kws-40ms": 4e-6}
ORACLE = {"mlperf-tiny-kws": oracle.mlperf_tiny_kws, "mlperf-tiny-sww": oracle.mlperf_tiny_sww,
          "mlperf-tiny-ad": oracle.mlperf_tiny_ad, "arm-kws": oracle.arm_kws,
          "arm-kws-40ms": lambda s: oracle.arm_kws(s, 640)}


def write_wav(path, sound, rate=16000, channels=1, width=2):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(sound if isinstance(sound, bytes) else np.asarray(sound, "<i2").tobytes())
    return path


def save_image(path, pixels, **options):
    image = pytest.importorskip("PIL.Image")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.fromarray(np.asarray(pixels, np.uint8)).save(path, **options)
    return path


def features(sound, preset, **changes):
    has_transform = data.SOUND_PRESETS[preset].coefficients
    return (data.mfcc if has_transform else data.log_mel)(sound, preset, **changes)


def assert_near(got, expected, bound):
    assert got.shape == expected.shape and got.dtype == np.float32
    assert np.abs(got.astype(np.float64) - expected).max() <= bound


class Refused:
    """Expects an Error of a kind whose text has all words in it."""

    def __init__(self, kind, words):
        self.kind, self.words = kind, words

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert error is not None, "nothing was refused"
        if not isinstance(error, Error):
            return False
        assert error.kind == self.kind, str(error)
        assert error.what and not any("\n" in text for text in (error.what, error.where, error.remedy)), str(error)
        assert all(w in str(error) for w in self.words), str(error)
        return True


# Sound.

@pytest.mark.parametrize("sound", oracle.SOUNDS)
@pytest.mark.parametrize("name, preset", [("kws", "mlperf-tiny-kws"), ("arm", "arm-kws"), ("arm40", "arm-kws-40ms")])
def test_mfcc_is_tensorflows(sound, name, preset):
    assert_near(data.mfcc(oracle.SOUNDS[sound], preset), GOLDENS[f"{name}_{sound}"], BOUND[preset])


def test_log_mel_is_tensorflows():
    assert_near(data.log_mel(oracle.clip(), "mlperf-tiny-sww"), GOLDENS["sww_clip"], BOUND["mlperf-tiny-sww"])


def test_log_mel_is_librosas():
    rows = data.log_mel(oracle.clip(10.0), "mlperf-tiny-ad")
    assert rows.shape == (196, 640)
    assert_near(rows[oracle.ROWS], GOLDENS["ad_clip"], BOUND["mlperf-tiny-ad"])


def real_sounds():
    folder = SHARED / "data/speech"
    if not folder.is_dir():
        pytest.skip("no ../shared/data/speech")
    return sorted(folder.glob("*.wav"))


@pytest.mark.parametrize("preset", ORACLE)
def test_presets_against_the_frameworks_live(preset, tmp_path):
    pytest.importorskip("librosa" if preset == "mlperf-tiny-ad" else "tensorflow")
    sounds = [oracle.clip(seed=seed) for seed in range(3)] + [np.clip(oracle.clip(seed=3) * 8.0, -32768, 32767).astype(np.int16)]
    sounds += [(data.read_wav(p) * 32768).astype(np.int16) for p in real_sounds()]
    if preset == "mlperf-tiny-ad":
        sounds = [np.tile(s, 11)[:160000 + 700 * i] for i, s in enumerate(sounds)]
    largest = 0.0
    for sound in sounds:
        expected = ORACLE[preset](sound)
        got = features(sound, preset, **({"seconds": None} if preset == "mlperf-tiny-ad" else {}))
        largest = max(largest, float(np.abs(got.astype(np.float64) - expected).max()))
        assert got.shape == expected.shape
    print(f"{preset}: largest difference {largest:.3g} in {len(sounds)} clips")
    assert largest <= BOUND[preset]


def test_frames_at_the_ends_are_librosas():
    pytest.importorskip("librosa")
    sound = oracle.clip(2.0)
    got = data.log_mel(sound, "mlperf-tiny-ad", mel_bins=64, frames=None, stacked=1)
    assert_near(got, oracle.librosa_frames(sound), BOUND["mlperf-tiny-ad"])


@pytest.mark.parametrize("graph", ["Basic_LSTM_S", "CNN_S", "CRNN_S", "DNN_S", "DS_CNN_S", "GRU_S", "LSTM_S"])
def test_arm_features_are_those_that_the_frozen_graphs_compute(graph):
    pytest.importorskip("tensorflow")
    path = SHARED / f"data/arm-kws/{graph}.pb"
    if not path.is_file():
        pytest.skip("no ../shared/data/arm-kws")
    preset = "arm-kws-40ms" if graph in ("DNN_S", "GRU_S", "LSTM_S") else "arm-kws"
    for wav in real_sounds():
        assert_near(data.mfcc(wav, preset), oracle.arm_graph(path, wav.read_bytes()), BOUND[preset])


def test_a_keyword_network_hears_the_words():
    runtime = pytest.importorskip("onnxruntime")
    model = SHARED / "data/models/kws/model.onnx"
    if not model.is_file():
        pytest.skip("no ../shared/data/models/kws")
    folder = data.sounds(real_sounds()[0].parent, "mlperf-tiny-kws")
    session = runtime.InferenceSession(str(model))
    (scores,) = session.run(None, {session.get_inputs()[0].name: folder.array()})
    heard = dict(zip(folder.names, scores.argmax(1)))
    words = "Down Go Left No Off On Right Stop Up Yes Silence Unknown".split()
    assert [words[heard[f"{name}.wav"]] for name in ("yes", "no", "silence")] == ["Yes", "No", "Silence"]


def test_shared_anomaly_samples_are_frames_in_a_row_as_ours():
    path = SHARED / "data/ad01/x.npy"
    if not path.is_file():
        pytest.skip("no ../shared/data/ad01")
    for x in (np.load(path), data.log_mel(oracle.clip(10.0), "mlperf-tiny-ad")):
        assert x.shape == (196, 640)
        for i in range(1, 5):
            np.testing.assert_array_equal(x[:-i, 128 * i:128 * (i + 1)], x[i:, :128])


def test_sounds_of_all_kinds_give_the_same(tmp_path):
    sound = oracle.clip()
    path = write_wav(tmp_path / "a.wav", sound)
    expected = data.mfcc(sound)
    for same in (path, str(path), sound / 32768, (sound / 32768).astype(np.float32)):
        np.testing.assert_array_equal(data.mfcc(same), expected)
    for several in ([path, sound], np.stack([sound, sound]), (s for s in [sound, sound])):
        np.testing.assert_array_equal(data.mfcc(several), np.stack([expected, expected]))


def test_short_clips_get_zeros_and_long_ones_are_cut():
    sound = oracle.clip(0.55, 1)
    padded = np.concatenate([sound, np.zeros(16000 - len(sound), np.int16)])
    np.testing.assert_array_equal(data.mfcc(sound), data.mfcc(padded))
    np.testing.assert_array_equal(data.mfcc(np.concatenate([padded, sound]), "arm-kws"), data.mfcc(padded, "arm-kws"))


def test_silence_gives_finite_features():
    for preset in data.SOUND_PRESETS:
        x = features(np.zeros(160000, np.int16), preset)
        assert np.isfinite(x).all() and np.ptp(x, axis=0).max() < 1e-4


def test_settings_change_a_preset():
    sound = oracle.clip()
    assert data.mfcc(sound, "arm-kws", stride_ms=40).shape == (25, 10)
    np.testing.assert_array_equal(data.mfcc(sound, "arm-kws", stride_ms=40), data.mfcc(sound, "arm-kws-40ms"))
    np.testing.assert_array_equal(data.mfcc(sound, data.SOUND_PRESETS["arm-kws"]), data.mfcc(sound, "arm-kws"))
    assert data.log_mel(sound, "mlperf-tiny-kws").shape == (49, 40, 1)
    assert data.mfcc(sound, "mlperf-tiny-sww", coefficients=13).shape == (30, 1, 13)
    own = data.SoundFeatures(sample_rate=8000, seconds=0.5, window_ms=25, stride_ms=10, mel_bins=20, coefficients=12)
    assert data.mfcc(sound[:4000], own).shape == (48, 12)


@pytest.mark.parametrize("changes, words", [
    ({"windw_ms": 3}, ["no setting `windw_ms`", "window_ms"]),
    ({"window_ms": 0}, ["`window_ms`", "0"]),
    ({"window_ms": "long"}, ["`window_ms`", "'long'"]),
    ({"stride_ms": float("nan")}, ["`stride_ms`"]),
    ({"seconds": 0.01}, ["`seconds`", "480 samples"]),
    ({"coefficients": 41}, ["`coefficients`", "40"]),
    ({"high_hz": 9000}, ["`high_hz`", "8000"]),
    ({"mel": "bark"}, ["`mel`", "'tf.signal'"]),
    ({"log_offset": 0}, ["`log_offset`"]),
    ({"stacked": 50}, ["`stacked`", "49"]),
    ({"frames": (5, 5)}, ["`frames`"]),
    ({"sample_rate": -1}, ["`sample_rate`"]),
    ({"centered": True}, ["`centered`"]),
])
def test_bad_settings_are_refused(changes, words):
    with Refused("bad_option", words):
        data.mfcc(oracle.clip(), **changes)


def test_bad_presets_are_refused():
    with Refused("bad_option", ["no preset 'kws'", "mlperf-tiny-kws"]):
        data.mfcc(oracle.clip(), "kws")
    with Refused("bad_option", ["'mlperf-tiny-ad' has no cosine transform", "log_mel"]):
        data.mfcc(oracle.clip(), "mlperf-tiny-ad")


@pytest.mark.parametrize("sound, words", [
    (np.zeros((2, 16000, 1), np.int16), ["[16000, 1]"]),
    (np.zeros(16000, np.uint8), ["uint8", "int16"]),
    (np.zeros(0, np.int16), ["without samples"]),
    (np.array([0.0, np.inf] * 8000), ["not finite"]),
    ([], ["no clips"]),
    (3.5, ["a float where a sound"]),
    ([0.5, 0.25], ["a float where a sound"]),
    (np.float32(1), ["a float32 where"]),
])
def test_bad_arrays_are_refused(sound, words):
    with Refused("bad_data", words):
        data.mfcc(sound)


def test_too_short_for_the_anomaly_preset():
    with Refused("bad_data", ["too short: 32 frames", "250"]):
        data.log_mel(oracle.clip(), "mlperf-tiny-ad")


def test_pcm_of_all_widths(tmp_path):
    high = oracle.clip()[:500].astype(np.int64)
    files = {
        1: ((high >> 8) + 128).astype(np.uint8).tobytes(),
        2: high.astype("<i2").tobytes(),
        3: np.stack([(high << 8) & 255, high & 255, (high >> 8) & 255], -1).astype(np.uint8).tobytes(),
        4: (high << 16).astype("<i4").tobytes(),
    }
    for width, content in files.items():
        got = data.read_wav(write_wav(tmp_path / f"{width}.wav", content, width=width))
        expected = (high >> 8) / 128 if width == 1 else high / 32768
        np.testing.assert_array_equal(got, expected.astype(np.float32))
        soundfile = sys.modules.get("soundfile")
        if soundfile:
            np.testing.assert_array_equal(got, soundfile.read(tmp_path / f"{width}.wav", dtype="float32")[0])


def test_bad_wav_files_are_refused(tmp_path):
    sound = oracle.clip()
    good = write_wav(tmp_path / "good.wav", sound).read_bytes()
    with Refused("bad_data", ["2 channels", "stereo.wav"]):
        data.mfcc(write_wav(tmp_path / "stereo.wav", sound, channels=2))
    with Refused("bad_data", ["44100", "16000", "rate.wav"]):
        data.mfcc(write_wav(tmp_path / "rate.wav", sound, rate=44100))
    with Refused("bad_data", ["no samples", "empty.wav"]):
        data.mfcc(write_wav(tmp_path / "empty.wav", sound[:0]))
    with Refused("io", ["No such file", "none.wav"]):
        data.mfcc(tmp_path / "none.wav")
    with Refused("bad_option", ["a folder", "sounds"]):
        data.mfcc(tmp_path)
    floats = bytearray(good)
    floats[20:22] = struct.pack("<H", 3)  # the format: IEEE float
    (tmp_path / "float.wav").write_bytes(floats)
    with Refused("bad_file", ["not a PCM", "float.wav", "ffmpeg"]):
        data.mfcc(tmp_path / "float.wav")
    (tmp_path / "text.wav").write_text("no sound at all")
    with Refused("bad_file", ["text.wav"]):
        data.mfcc(tmp_path / "text.wav")


def test_torn_and_garbled_wav_files_are_refused(tmp_path):
    good = write_wav(tmp_path / "good.wav", oracle.clip()[:700]).read_bytes()
    path = tmp_path / "torn.wav"
    for length in [*range(60), len(good) // 2, len(good) - 1]:
        path.write_bytes(good[:length])
        with Refused("bad_file", ["torn.wav"]):
            data.read_wav(path)
    draw = np.random.default_rng(17)
    for _ in range(200):
        garbled = bytearray(good)
        for place in draw.integers(0, 44, 3):
            garbled[place] = draw.integers(256)
        path.write_bytes(garbled)
        try:
            data.read_wav(path)
        except Error as error:
            assert "torn.wav" in str(error)


# The page.

def test_recipes_of_the_page_run(tmp_path, monkeypatch):
    pytest.importorskip("PIL.Image")
    page = (HERE.parents[1] / "docs/images-and-audio.md").read_text()
    monkeypatch.chdir(tmp_path)
    for i, name in enumerate(("cat/a", "cat/b", "dog/c")):
        save_image(tmp_path / f"photos/{name}.jpg", oracle.picture(300 + i, 400))
    for name, seconds in (("speech/yes/1", 1), ("speech/no/2", 0.8), ("machines/1", 10)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(tmp_path / f"{name}.wav", oracle.clip(seconds))
    recipes = re.findall("```python\n(.*?)```", page, re.S)
    assert len(recipes) == 9
    names = {}
    shapes = []
    for recipe in recipes:
        exec(compile(recipe, "docs/images-and-audio.md", "exec"), names)
        shapes.append(names["x"].array().shape)
    assert shapes == [(3, 96, 96, 3), (3, 224, 224, 3), (3, 224, 224, 3), (3, 48, 64, 1), (3, 96, 96, 3), (2, 49, 10, 1),
                      (2, 49, 10, 1), (196, 640), (2, 98, 20)]
    np.testing.assert_array_equal(np.load("y.npy"), [3, 9])


# Folders.

def test_a_folder_of_classes(tmp_path):
    for name in ("yes/b.wav", "yes/a.WAV", "no/c.wav", "no/deeper/d.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(tmp_path / name, oracle.clip(seed=len(name)))
    (tmp_path / "README").write_text("about")
    (tmp_path / ".hidden.wav").write_text("no sound")
    folder = data.sounds(tmp_path)
    assert folder.names == ["no/c.wav", "no/deeper/d.wav", "yes/a.WAV", "yes/b.wav"]
    assert folder.classes == ("no", "yes") and folder.labels.tolist() == [0, 0, 1, 1] and folder.ignored == ["README"]
    assert len(folder) == 4 and folder[3].shape == (49, 10, 1) and "4 samples of [49, 10, 1]" in repr(folder)
    np.testing.assert_array_equal(folder[-1], data.mfcc(tmp_path / "yes/b.wav"))
    np.testing.assert_array_equal(folder.array(), np.stack(list(folder)))
    other = data.sounds(tmp_path, classes=["silence", "yes", "no"])
    assert other.names[0] == "yes/a.WAV" and other.labels.tolist() == [1, 1, 2, 2]
    part = folder[1:4:2]
    assert part.labels.tolist() == [0, 1] and len(part) == 2
    np.testing.assert_array_equal(part.array(), folder.array()[1:4:2])
    again = pickle.loads(pickle.dumps(part))
    np.testing.assert_array_equal(again.array(), part.array())
    with pytest.raises(IndexError):
        folder[4]
    folder.save(tmp_path / "x.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), folder.array())
    with Refused("bad_option", ["'yes'", "`classes`"]):
        data.sounds(tmp_path, classes=["no"])


def test_several_samples_of_a_file(tmp_path):
    for name in "ab":
        write_wav(tmp_path / f"{name}.wav", oracle.clip(10.0, ord(name)))
    folder = data.sounds(tmp_path, "mlperf-tiny-ad")
    rows = [data.log_mel(tmp_path / f"{n}.wav", "mlperf-tiny-ad") for n in "ab"]
    assert len(folder) == 392 and folder.sample_shape == (640,) and folder.labels is None
    np.testing.assert_array_equal(folder.array(), np.concatenate(rows))
    np.testing.assert_array_equal(folder[195:197].array(), [rows[0][195], rows[1][0]])


def test_bad_folders_are_refused(tmp_path):
    with Refused("io", ["no such folder"]):
        data.sounds(tmp_path / "none")
    with Refused("bad_data", ["no .wav files"]):
        data.sounds(tmp_path)
    write_wav(tmp_path / "a.wav", oracle.clip())
    with Refused("bad_option", ["`classes`"]):
        data.sounds(tmp_path, classes=["a"])
    with Refused("io", ["not a folder"]):
        data.sounds(tmp_path / "a.wav")
    with Refused("bad_option", ["`seconds`"]):
        data.sounds(tmp_path, seconds=None)
    with Refused("bad_option", ["`on_error`", "skip"]):
        data.sounds(tmp_path, on_error="ignore")
    with Refused("bad_option", [".npy"]):
        data.sounds(tmp_path).save(tmp_path / "x.bin")
    (tmp_path / "yes").mkdir()
    write_wav(tmp_path / "yes/b.wav", oracle.clip())
    with Refused("bad_data", ["a.wav", "subfolder"]):
        data.sounds(tmp_path)


def test_links_in_a_circle_end(tmp_path):
    (tmp_path / "yes").mkdir()
    write_wav(tmp_path / "yes/a.wav", oracle.clip())
    (tmp_path / "yes/again").symlink_to(tmp_path)
    assert data.sounds(tmp_path).names == ["yes/a.wav"]


def test_unreadable_files_are_named_or_skipped(tmp_path):
    good = write_wav(tmp_path / "a.wav", oracle.clip()).read_bytes()
    (tmp_path / "b.wav").write_bytes(good[:1000])
    folder = data.sounds(tmp_path)
    with Refused("bad_file", ["b.wav", "torn"]):
        folder.array()
    with Refused("bad_file", ["b.wav", "torn"]):
        folder.save(tmp_path / "x.npy")
    assert not [p for p in tmp_path.iterdir() if p.suffix != ".wav"]
    folder = data.sounds(tmp_path, on_error="skip")
    assert len(folder) == 1 and [name for name, _ in folder.skipped] == ["b.wav"] and "1 skipped" in repr(folder)
    (tmp_path / "a.wav").unlink()
    with Refused("bad_data", ["none of the 1", "b.wav"]):
        data.sounds(tmp_path, on_error="skip")


# Images.

@pytest.mark.parametrize("name", oracle.RESIZED)
def test_resizing_is_tensorflows(name):
    old, new = oracle.RESIZED[name]
    np.testing.assert_array_equal(resize.bilinear(oracle.picture(*old), *new), GOLDENS[f"resize_{name}"])


def test_central_crop_is_tensorflows(tmp_path):
    save_image(tmp_path / "a.png", oracle.picture())
    np.testing.assert_array_equal(data.images(tmp_path, (9, 7), central_fraction=0.875)[0], GOLDENS["central_crop"])


def test_resizing_is_tensorflows_live():
    pytest.importorskip("tensorflow")
    draw = np.random.default_rng(5)
    for _ in range(40):
        height, width, new_height, new_width = draw.integers(1, 300, 4)
        pixels = draw.integers(0, 256, (height, width, 3), np.uint8)
        np.testing.assert_array_equal(resize.bilinear(pixels, new_height, new_width),
                                      oracle.tf_resize(pixels, new_height, new_width))


@pytest.mark.parametrize("crop", [False, True])
@pytest.mark.parametrize("mode", ["rgb", "grayscale"])
def test_folders_are_read_as_keras_reads_them(tmp_path, crop, mode):
    keras = pytest.importorskip("keras")
    for i, name in enumerate(["cat/b", "cat/a", "dog/c"]):
        pixels = oracle.picture(40 + 9 * i, 61 - 8 * i)
        save_image(tmp_path / f"{name}.png", pixels if mode == "rgb" else pixels[:, :, 1])
    theirs = keras.utils.image_dataset_from_directory(
        tmp_path, image_size=(24, 32), shuffle=False, batch_size=None, crop_to_aspect_ratio=crop, color_mode=mode, verbose=False)
    ours = data.images(tmp_path, (24, 32), crop_to_aspect_ratio=crop, channels={"rgb": "rgb", "grayscale": "gray"}[mode])
    assert list(ours.classes) == theirs.class_names
    for (x, label), y, own_label in zip(theirs, ours, ours.labels):
        np.testing.assert_array_equal(x.numpy(), y)
        assert label.numpy() == own_label


def test_the_vww_preset_is_keras_generator(tmp_path):
    keras = pytest.importorskip("tf_keras")
    for name, size in (("person/a", (96, 96)), ("person/b", (120, 200)), ("none/c", (50, 70))):
        save_image(tmp_path / f"{name}.jpg", oracle.picture(*size))
    generator = keras.preprocessing.image.ImageDataGenerator(rescale=1.0 / 255)
    theirs = generator.flow_from_directory(tmp_path, target_size=(96, 96), color_mode="rgb", shuffle=False)
    x, y = next(theirs)
    ours = data.images(tmp_path, preset="mlperf-tiny-vww")
    np.testing.assert_array_equal(ours.array(), x)
    np.testing.assert_array_equal(ours.labels, y.argmax(1))


def test_mobilenet_scaling_is_keras(tmp_path):
    keras = pytest.importorskip("keras")
    path = save_image(tmp_path / "a.png", oracle.picture())
    x = keras.utils.img_to_array(keras.utils.load_img(path, target_size=(32, 32), interpolation="bilinear"))
    ours = data.images(tmp_path, 32, 127.5, 127.5, resize="pil-bilinear")[0]
    assert np.abs(ours - keras.applications.mobilenet.preprocess_input(x.copy())).max() <= 1.2e-7


def test_jpeg_is_tensorflows_accurate_one(tmp_path):
    tf = pytest.importorskip("tensorflow")
    path = save_image(tmp_path / "a.jpg", oracle.picture(96, 96), quality=90)
    ours, content = data.images(tmp_path, 96)[0], path.read_bytes()
    np.testing.assert_array_equal(ours, tf.io.decode_jpeg(content, channels=3, dct_method="INTEGER_ACCURATE").numpy())
    difference = np.abs(ours - tf.io.decode_jpeg(content, channels=3).numpy().astype(np.float32))
    print(f"JPEG: largest difference {difference.max()}, mean {difference.mean():.3f}")
    assert difference.mean() < 2.0


def test_shared_vww_images_are_cifar_resized_by_pillow(tmp_path):
    small, large = SHARED / "data/cifar10/calibration_x.npy", SHARED / "data/vww/calibration_x.npy"
    if not small.is_file():
        pytest.skip("no ../shared/data")
    expected = np.load(large)[:10]
    for i, pixels in enumerate(np.load(small)[:10]):
        save_image(tmp_path / f"{i}.png", pixels)
    np.testing.assert_array_equal(data.images(tmp_path, 96, resize="pil-bilinear").array(), expected)


def test_mean_std_scale_and_channels(tmp_path):
    pixels = oracle.picture(8, 8)
    save_image(tmp_path / "a.png", pixels)
    x = pixels.astype(np.float32)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    expected = (x / np.float32(255) - np.float32(mean)) / np.float32(std)
    np.testing.assert_allclose(data.images(tmp_path, 8, mean, std, scale=1 / 255)[0], expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(data.images(tmp_path, 8, (103.939, 116.779, 123.68), channels="bgr")[0],
                                  x[:, :, ::-1] - np.float32((103.939, 116.779, 123.68)))
    gray = data.images(tmp_path, 8, channels="gray", resize="none")[0]
    assert gray.shape == (8, 8, 1) and np.abs(gray[:, :, 0] - x @ [0.299, 0.587, 0.114]).max() <= 0.51


def test_shorter_side_then_the_middle(tmp_path):
    image = pytest.importorskip("PIL.Image")
    pixels = oracle.picture(60, 101)
    save_image(tmp_path / "a.png", pixels)
    whole = np.asarray(image.fromarray(pixels).resize((int(32 * 101 / 60), 32), image.Resampling.BILINEAR))
    left = round((whole.shape[1] - 28) / 2)
    got = data.images(tmp_path, 28, shorter_side=32, resize="pil-bilinear")[0]
    np.testing.assert_array_equal(got, whole[2:30, left:left + 28])


def test_shorter_side_is_torchvisions(tmp_path):
    transforms = pytest.importorskip("torchvision").transforms
    image = pytest.importorskip("PIL.Image")
    for i, size in enumerate([(300, 471), (640, 257), (40, 30), (256, 256)]):
        save_image(tmp_path / f"{i}.png", oracle.picture(*size))
    theirs = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
    ours = data.images(tmp_path, 224, shorter_side=256, resize="pil-bilinear")
    for name, x in zip(ours.names, ours):
        np.testing.assert_array_equal(np.asarray(theirs(image.open(tmp_path / name))), x)


def test_orientation_palette_alpha_and_16_bits(tmp_path):
    image = pytest.importorskip("PIL.Image")
    pixels = oracle.picture(6, 8)
    turned = image.fromarray(np.rot90(pixels))  # a quarter to the left; EXIF's 6 says: turn to the right
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "exif.png", exif=exif)
    np.testing.assert_array_equal(one(tmp_path, "exif.png", (6, 8)), pixels)
    np.testing.assert_array_equal(one(tmp_path, "exif.png", (8, 6), upright=False), np.rot90(pixels))

    few = np.where(pixels > 127, 255, 0).astype(np.uint8)
    image.fromarray(few).quantize(8).save(tmp_path / "palette.png")
    np.testing.assert_array_equal(one(tmp_path, "palette.png", (6, 8)), few)

    alpha = np.dstack([pixels, np.where(np.arange(8) < 4, 0, 255) * np.ones((6, 1))]).astype(np.uint8)
    image.fromarray(alpha).save(tmp_path / "alpha.png")
    np.testing.assert_array_equal(one(tmp_path, "alpha.png", (6, 8)), pixels)
    on_white = one(tmp_path, "alpha.png", (6, 8), background=(255, 254, 253))
    np.testing.assert_array_equal(on_white[:, 4:], pixels[:, 4:])
    np.testing.assert_array_equal(on_white[:, :4], np.full((6, 4, 3), (255, 254, 253)))

    deep = (np.arange(48).reshape(6, 8) * 1365 % 65536).astype(np.uint16)
    image.fromarray(deep).save(tmp_path / "deep.png")
    np.testing.assert_array_equal(one(tmp_path, "deep.png", (6, 8), channels="gray")[:, :, 0], deep >> 8)
    np.testing.assert_array_equal(one(tmp_path, "deep.png", (6, 8)), np.repeat((deep >> 8)[:, :, None], 3, 2))

    image.fromarray(np.ones((6, 8), np.float32)).save(tmp_path / "float.tif")
    with Refused("unsupported", ["float.tif", "32 bits"]):
        one(tmp_path, "float.tif", (6, 8))


def test_16_bits_are_tensorflows(tmp_path):
    tf, image = pytest.importorskip("tensorflow"), pytest.importorskip("PIL.Image")
    deep = (np.arange(48).reshape(6, 8) * 1365 % 65536).astype(np.uint16)
    image.fromarray(deep).save(tmp_path / "deep.png")
    theirs = tf.io.decode_png((tmp_path / "deep.png").read_bytes(), channels=1).numpy()
    np.testing.assert_array_equal(one(tmp_path, "deep.png", (6, 8), channels="gray"), theirs)
    content = tf.io.encode_png(np.dstack([deep, deep[::-1], deep[:, ::-1]])).numpy()
    (tmp_path / "color.png").write_bytes(content)
    np.testing.assert_array_equal(one(tmp_path, "color.png", (6, 8)), tf.io.decode_png(content, channels=3).numpy())


def one(folder, name, size, **settings):
    """The sample of one file of a folder."""
    x = data.images(folder, size, resize="none", **settings)
    return x[x.names.index(name)]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_torn_images_are_named_or_skipped(tmp_path):
    good = save_image(tmp_path / "a.jpg", oracle.picture()).read_bytes()
    (tmp_path / "b.jpg").write_bytes(good[:len(good) // 2])
    (tmp_path / "c.png").write_text("no picture")
    folder = data.images(tmp_path, 32)
    for i, name in ((1, "b.jpg"), (2, "c.png")):
        with Refused("bad_file", [name]):
            folder[i]
    assert [n for n, _ in data.images(tmp_path, 32, on_error="skip").skipped] == ["b.jpg", "c.png"]
    for suffix in ("png", "jpg", "gif", "bmp", "tif", "webp", "ppm"):
        whole = io.BytesIO()
        pytest.importorskip("PIL.Image").fromarray(oracle.picture()).save(whole, {"jpg": "jpeg", "tif": "tiff"}.get(suffix, suffix))
        for cut in (0, 3, 20, len(whole.getvalue()) // 3):
            path = tmp_path / f"cut.{suffix}"
            path.write_bytes(whole.getvalue()[:cut])
            with Refused("bad_file", [path.name]):
                x = data.images(tmp_path, 32)
                x[x.names.index(path.name)]
            path.unlink()


@pytest.mark.parametrize("settings, words", [
    ({"size": None}, ["`size` is missing"]),
    ({"size": 0}, ["`size`"]),
    ({"size": (1, 2, 3)}, ["`size`"]),
    ({"size": "96"}, ["`size`", "'96'"]),
    ({"size": 32.5}, ["`size`", "32.5"]),
    ({"mean": "light"}, ["`mean`", "'light'"]),
    ({"scale": "1/255"}, ["`scale`", "'1/255'"]),
    ({"mean": (1, 2)}, ["`mean`", "3"]),
    ({"std": 0}, ["`std`"]),
    ({"std": (1, 0, 1)}, ["`std`"]),
    ({"mean": float("nan")}, ["`mean`"]),
    ({"channels": "rgba"}, ["`channels`", "'bgr'"]),
    ({"resize": "linear"}, ["`resize`", "'pil-bilinear'"]),
    ({"shorter_side": 8}, ["`shorter_side`"]),
    ({"shorter_side": 40, "central_fraction": 0.5}, ["one of it"]),
    ({"central_fraction": 0}, ["`central_fraction`"]),
    ({"scal": 2}, ["no setting `scal`", "scale"]),
    ({"scale": 0}, ["`scale`"]),
    ({"preset": "vww"}, ["no preset 'vww'", "mlperf-tiny-vww"]),
])
def test_bad_image_settings_are_refused(tmp_path, settings, words):
    save_image(tmp_path / "a.png", oracle.picture())
    with Refused("bad_option", words):
        data.images(tmp_path, **{"size": 32, **settings})


def test_wrong_sizes_without_resizing(tmp_path):
    save_image(tmp_path / "a.png", oracle.picture())
    with Refused("bad_data", ["37 x 53", "32 x 32", "a.png"]):
        data.images(tmp_path, preset="mlperf-tiny-ic")[0]


def test_pillow_missing_is_said(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(b"")
    for name in ("PIL", "PIL.Image", "PIL.ImageOps"):
        monkeypatch.setitem(sys.modules, name, None)
    with Refused("unsupported", ["Pillow", "pip install pillow"]):
        data.images(tmp_path, 32)
