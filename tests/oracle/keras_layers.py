"""Compares single layers as Keras computes them with `narrow run` on the saved files. Needs TensorFlow's Keras and is run by
hand: python tests/oracle/keras_layers.py [SEED]. Prints each case that differs or is refused, and counts."""
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NARROW = ROOT / "build" / "narrow"
L = keras.layers
IMAGE, SERIES, ROW = (7, 6, 4), (9, 4), (8,)
FUNCTIONS = ("relu", "relu6", "elu", "selu", "softplus", "softsign", "tanh", "sigmoid", "hard_sigmoid", "silu", "hard_silu", "gelu",
             "exponential", "softmax", "log_softmax", "leaky_relu", "mish", "linear")


def cases():
    """(input shape, layer) of each case; a layer is made anew for each file."""
    for name in FUNCTIONS:
        yield ROW, lambda name=name: L.Activation(name)
        yield ROW, lambda name=name: L.Dense(5, activation=name)
    for padding in ("same", "valid"):
        for strides in (1, 2):
            yield IMAGE, lambda p=padding, s=strides: L.Conv2D(6, 3, strides=s, padding=p)
            yield IMAGE, lambda p=padding, s=strides: L.DepthwiseConv2D(3, strides=s, padding=p, depth_multiplier=2)
            yield IMAGE, lambda p=padding, s=strides: L.SeparableConv2D(5, 3, strides=s, padding=p)
            yield IMAGE, lambda p=padding, s=strides: L.Conv2DTranspose(3, 3, strides=s, padding=p)
            yield SERIES, lambda p=padding, s=strides: L.Conv1D(6, 3, strides=s, padding=p)
            yield SERIES, lambda p=padding, s=strides: L.DepthwiseConv1D(3, strides=s, padding=p)
            yield SERIES, lambda p=padding, s=strides: L.SeparableConv1D(5, 3, strides=s, padding=p)
            yield SERIES, lambda p=padding, s=strides: L.Conv1DTranspose(3, 3, strides=s, padding=p)
            for pool in (L.MaxPooling2D, L.AveragePooling2D):
                yield IMAGE, lambda p=padding, s=strides, c=pool: c(3, strides=s, padding=p)
            for pool in (L.MaxPooling1D, L.AveragePooling1D):
                yield SERIES, lambda p=padding, s=strides, c=pool: c(3, strides=s, padding=p)
    yield IMAGE, lambda: L.Conv2D(8, 3, groups=2, padding="same")
    yield IMAGE, lambda: L.Conv2D(8, (3, 2), dilation_rate=2)
    yield IMAGE, lambda: L.Conv2D(8, 3, use_bias=False, activation="relu")
    yield SERIES, lambda: L.Conv1D(6, 3, padding="causal", dilation_rate=2)
    for keep in (False, True):
        for pool in (L.GlobalMaxPooling2D, L.GlobalAveragePooling2D):
            yield IMAGE, lambda c=pool, k=keep: c(keepdims=k)
        for pool in (L.GlobalMaxPooling1D, L.GlobalAveragePooling1D):
            yield SERIES, lambda c=pool, k=keep: c(keepdims=k)
    yield IMAGE, lambda: L.BatchNormalization(epsilon=0.01)
    yield IMAGE, lambda: L.BatchNormalization(scale=False, center=False)
    yield SERIES, lambda: L.LayerNormalization()
    yield IMAGE, lambda: L.ZeroPadding2D(((1, 2), (0, 3)))
    yield SERIES, lambda: L.ZeroPadding1D((1, 2))
    yield IMAGE, lambda: L.Cropping2D(((1, 2), (0, 3)))
    yield SERIES, lambda: L.Cropping1D((1, 2))
    for kind in ("nearest", "bilinear"):
        yield IMAGE, lambda k=kind: L.UpSampling2D((2, 3), interpolation=k)
    yield SERIES, lambda: L.UpSampling1D(3)
    yield IMAGE, lambda: L.Permute((3, 1, 2))
    yield IMAGE, lambda: L.Reshape((-1, 4))
    yield IMAGE, lambda: L.Flatten()
    yield IMAGE, lambda: L.Dense(5)
    yield ROW, lambda: L.RepeatVector(3)
    yield ROW, lambda: L.Rescaling(0.5, -1)
    for axis in (-1, 1, None):
        yield SERIES, lambda a=axis: L.Normalization(axis=a)
        yield SERIES, lambda a=axis: L.Normalization(axis=a, mean=0.5, variance=3.0, invert=True)
    yield ROW, lambda: L.ReLU(max_value=0.5, negative_slope=0.1, threshold=0.2)
    yield ROW, lambda: L.LeakyReLU(negative_slope=0.2)
    yield ROW, lambda: L.ELU(alpha=0.5)
    yield IMAGE, lambda: L.PReLU(shared_axes=(1, 2), alpha_initializer="random_normal")
    yield IMAGE, lambda: L.Softmax(axis=2)
    yield SERIES, lambda: L.TimeDistributed(L.Dense(3, activation="relu"))
    yield (3, *IMAGE), lambda: L.TimeDistributed(L.Conv2D(3, 3))
    for layer in (L.LSTM, L.GRU, L.SimpleRNN):
        for sequences in (False, True):
            yield SERIES, lambda c=layer, s=sequences: c(5, return_sequences=s)
            yield SERIES, lambda c=layer, s=sequences: c(5, return_sequences=s, go_backwards=True)
            yield SERIES, lambda c=layer, s=sequences: L.Bidirectional(c(5, return_sequences=s))
    yield SERIES, lambda: L.GRU(5, reset_after=False)
    yield SERIES, lambda: L.LSTM(5, activation="relu", recurrent_activation="hard_sigmoid", use_bias=False)
    yield SERIES, lambda: L.Bidirectional(L.LSTM(4, return_sequences=True), merge_mode="sum")


def functions():
    """(input shapes, function of the inputs) of Functional models with operators, several inputs or several results."""
    two, ops = (SERIES, SERIES), keras.ops
    yield (SERIES,), lambda x: 1 - 2.0 * x / 3
    yield (SERIES,), lambda x: (x**2)[:, 1:, ::2]
    yield (SERIES,), lambda x: x[:, -1] * np.array([1, 2, 3, 4], "f4")
    yield (SERIES,), lambda x: ops.mean(ops.clip(x, -0.5, 0.5), axis=-1, keepdims=True)
    yield (SERIES,), lambda x: ops.reshape(ops.gelu(x), (-1, 36))
    yield two, lambda x, y: ops.concatenate([ops.maximum(x, 0.5), -y], axis=1)
    yield two, lambda x, y: ops.matmul(x, ops.transpose(y, (0, 2, 1)))
    yield two, lambda x, y: L.MultiHeadAttention(2, 5, value_dim=4)(query=x, value=y)
    yield (ROW, (3, 8)), lambda x, y: L.Multiply()([x, y])
    for layer, states in ((L.LSTM, 2), (L.GRU, 1), (L.SimpleRNN, 1)):
        yield (SERIES,), lambda x, c=layer: list(c(5, return_state=True, return_sequences=True)(x))
        yield (SERIES,), lambda x, c=layer: list(L.Bidirectional(c(5, return_state=True))(x))
        yield (SERIES, *((5,),) * states), lambda x, *s, c=layer: c(5)(x, initial_state=list(s))


def models():
    for shape, layer in cases():
        yield keras.Sequential([L.Input(shape, name="x0"), layer()])
    for shapes, function in functions():
        inputs = [L.Input(shape, name=f"x{i}") for i, shape in enumerate(shapes)]
        yield keras.Model(inputs, function(*inputs))


def arrays(path):
    """The results in a file, in order."""
    loaded = np.load(path)
    return [loaded[name] for name in loaded.files]


def main(seed=1):
    random, counts = np.random.default_rng(seed), {"equal": 0, "differ": 0, "refused": 0}
    keras.utils.set_random_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for number, model in enumerate(models()):
            model.set_weights([random.normal(size=w.shape).astype("f4") * 0.5 if "variance" not in v.path else
                               random.uniform(0.5, 2, w.shape).astype("f4")
                               for v, w in zip(model.weights, model.get_weights(), strict=True)])
            for layer in model.layers:
                if isinstance(layer, L.Normalization):
                    layer.finalize_state()
            x = [random.normal(size=(3, *i.shape[1:])).astype("f4") for i in model.inputs]
            np.savez(folder / "x.npz", **{f"x{i}": values for i, values in enumerate(x)})
            wanted = model(x if len(x) > 1 else x[0])
            wanted = [np.asarray(w) for w in (wanted if isinstance(wanted, list) else [wanted])]
            for suffix in ("h5", "keras"):
                model.save(folder / f"m.{suffix}")
                done = subprocess.run([NARROW, "run", folder / f"m.{suffix}", "--data", folder / "x.npz", "-o", folder / "y.npz",
                                       "--quiet"], capture_output=True, text=True)
                said = f"{number} {suffix} {model.layers[-1].get_config()}"
                if done.returncode:
                    counts["refused"] += 1
                    print("refused", said[:150], done.stderr.strip()[:300])
                    continue
                got = arrays(folder / "y.npz")
                off = [np.abs(a - b).max() / np.abs(b).max() if a.shape == b.shape else np.inf
                       for a, b in zip(got, wanted, strict=True)]
                counts["equal" if max(off) < 1e-5 else "differ"] += 1
                if not max(off) < 1e-5:
                    print("differ", off, said[:300])
    print(counts)
    return counts["differ"]


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
