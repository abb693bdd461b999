"""Running recurrent networks on one core: integers beside LiteRT's reference kernels, floats beside LiteRT and ONNX Runtime."""
import dataclasses
import importlib.util
import statistics
from collections.abc import Callable

import numpy as np

from .environment import SCRATCH, SHARED, Absent, existing
from .mcu.single_ops import tools
from .measure import growth, in_turn, median, narrow, peer
from .table import Row, at_least

FEW, MANY = 50, 20000
# Multiply-adds that a measurement runs, where that is less than MANY samples.
WORK = 10e9
LITERT_SECONDS = 1.0
CALIBRATION = 100
SIZES = ((8, 16, 8), (20, 64, 25), (40, 128, 25))  # features, cells, steps
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
TANH = 4  # the format's number
TRAINED = "data/models/rnn"


@dataclasses.dataclass(frozen=True)
class Recurrent:
    """A float network: how its file is made, and the shape of a sample."""
    name: str
    make: Callable  # () -> path
    shape: tuple

    @property
    def slug(self):
        return "recurrent_" + self.name.lower().replace(" ", "_").replace("/", "_")

    @property
    def model(self):
        return self.make(self)

    def data(self, count):
        path = SCRATCH / f"{self.slug}_{count}.npy"
        if not path.exists():
            np.save(path, np.random.default_rng(1).standard_normal((count, *self.shape), np.float32))
        return path


def found(path, *options):
    """A network of the test data; with options, what `narrow convert` makes of it."""
    def make(network):
        if not options:
            return existing(SHARED / path)
        model = SCRATCH / f"{network.slug}_float.tflite"
        narrow("convert", existing(SHARED / path), *options, "-o", model)
        return model
    return make


def random_weights(kind, features, cells):
    rng = np.random.default_rng(2)
    rows = GATES[kind] * cells
    return (rng.standard_normal((rows, features), np.float32) / np.float32(np.sqrt(features)),
            rng.standard_normal((rows, cells), np.float32) / np.float32(np.sqrt(cells)),
            rng.standard_normal(rows, np.float32) / 4)


def tflite_lstm(features, cells, steps):
    def make(network):
        net = tools().TfliteBuilder()
        w, r, b = (np.split(v, GATES["LSTM"]) for v in random_weights("LSTM", features, cells))

        def constant(values):
            return net.tensor(f"c{len(net.tensors)}", values.shape, np.float32, values=values)

        def state(name):
            t = net.tensor(name, [1, cells], np.float32)
            net.tensors[t].isVariable = True
            return t

        x = net.input("x", [1, steps, features], np.float32)
        operands = [x, *map(constant, w), *map(constant, r), -1, -1, -1, *map(constant, b), -1, -1, state("h"), state("c"),
                    -1, -1, -1, -1]
        y = net.output("y", [1, steps, cells], np.float32)
        net.op("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, [y], "UnidirectionalSequenceLSTMOptions",
               fusedActivationFunction=TANH)
        path = SCRATCH / f"{network.slug}.tflite"
        path.write_bytes(net.bytes())
        return path
    return make


def onnx_layer(kind, features, cells, steps):
    def make(network):
        import onnx

        w, r, b = random_weights(kind, features, cells)
        constants = {"w": w[None], "r": r[None], "b": np.concatenate([b, np.zeros_like(b)])[None]}
        more = {"linear_before_reset": 1} if kind == "GRU" else {}
        float32 = onnx.TensorProto.FLOAT
        graph = onnx.helper.make_graph(
            [onnx.helper.make_node(kind, ["x", "w", "r", "b"], ["y"], hidden_size=cells, **more)], "layer",
            [onnx.helper.make_tensor_value_info("x", float32, [steps, 1, features])],
            [onnx.helper.make_tensor_value_info("y", float32, [steps, 1, 1, cells])],
            [onnx.numpy_helper.from_array(v, n) for n, v in constants.items()])
        path = SCRATCH / f"{network.slug}.onnx"
        onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8), path)
        return path
    return make


def sized(kind, features, cells, steps):
    name = f"{kind} {features}/{cells}"
    if kind == "LSTM":
        return Recurrent(name, tflite_lstm(features, cells, steps), (steps, features))
    return Recurrent(name, onnx_layer(kind, features, cells, steps), (steps, 1, features))


LSTMS = (*(sized("LSTM", *s) for s in SIZES),
         Recurrent("trained LSTM 8/16", found(f"{TRAINED}/lstm_tfkeras.tflite"), (8, 8)),
         Recurrent("Arm Basic_LSTM", found("data/arm-kws/Basic_LSTM_S.pb", "--quiet"), (49, 10)))
# Neither LiteRT nor TFLM has its peepholes beside a projection on integers.
ARM_LSTM = Recurrent("Arm LSTM", found("data/arm-kws/LSTM_S.pb", "--quiet"), (25, 10))
ONNX_LAYERS = tuple(sized(kind, *s) for kind in ("GRU", "RNN") for s in SIZES)
# narrow has one op where LiteRT computes the steps that the converter has unrolled.
UNROLLED = (Recurrent("trained GRU 8/16", found(f"{TRAINED}/gru.keras"), (8, 8)), f"{TRAINED}/gru_unrolled_int8.tflite")


def ours(network, model, profile):
    """A job for `in_turn`: what a sample adds to a run on one core."""
    macs = narrow("inspect", model, "--json").json["macs"]
    many = FEW + max(100, min(MANY, int(WORK / macs)))
    data, out = network.data(many), SCRATCH / f"{network.slug}_y.npy"
    return growth(FEW, many, lambda n: narrow("run", model, "--data", data, "--samples", n, "--threads", 1, "--profile",
                                              profile, "-o", out))


def theirs(module, settings, *arguments):
    seconds = LITERT_SECONDS * (0.25 if settings.quick else 1)
    return lambda: peer(module, *arguments, seconds).json["seconds"]


def compare(network, what, settings, ours, theirs, target=None):
    found = in_turn(settings.rounds, {"narrow": ours, "peer": theirs})
    a, b = median(found["narrow"], "cpu"), statistics.median(found["peer"])
    cells = (f"{network.name} {what}, microseconds an inference", f"{a * 1e6:.2f}", f"{b * 1e6:.2f}", b / a)
    return [at_least(*cells, target) if target else Row(*cells)]


def needs(module):
    if not importlib.util.find_spec(module):
        raise Absent(f"{module} is not installed")


def quantized(network, scheme):
    model = SCRATCH / f"{network.slug}_{scheme}.tflite"
    narrow("quantize", network.model, "--scheme", scheme, "--data", network.data(CALIBRATION), "--quality", "fast", "-o",
           model)
    return model


def integers(network, settings, unrolled=None):
    needs("ai_edge_litert")
    model = quantized(network, "int8")
    against = existing(SHARED / unrolled) if unrolled else model
    what = "int8 beside unrolled" if unrolled else "int8"
    return compare(network, what, settings, ours(network, model, "litert"),
                   theirs("litert_invoke", settings, against, "reference"), 5)


def wide(network, settings):
    """LiteRT has no LSTM with data of 16 bits, TFLM's is the reference."""
    needs("tflite_micro")
    model = quantized(network, "int16x8")
    return compare(network, "int16x8 beside TFLM", settings, ours(network, model, "tflm"),
                   theirs("tflm_invoke", settings, model))


def floats(network, settings):
    needs("ai_edge_litert")
    model = network.model
    return compare(network, "float beside LiteRT", settings, ours(network, model, "narrow"),
                   theirs("litert_invoke", settings, model, "default"))


def onnx_floats(network, settings):
    needs("onnxruntime")
    model = network.model
    return compare(network, "float beside ONNX Runtime", settings, ours(network, model, "narrow"),
                   theirs("ort_invoke", settings, model))


def cases(settings):
    for network in LSTMS:
        yield f"{network.name} int8", lambda n=network: integers(n, settings)
        yield f"{network.name} int16x8", lambda n=network: wide(n, settings)
        yield f"{network.name} float", lambda n=network: floats(n, settings)
    yield f"{ARM_LSTM.name} float", lambda: floats(ARM_LSTM, settings)
    yield f"{UNROLLED[0].name} int8", lambda: integers(UNROLLED[0], settings, UNROLLED[1])
    for network in ONNX_LAYERS:
        yield f"{network.name} float", lambda n=network: onnx_floats(n, settings)
