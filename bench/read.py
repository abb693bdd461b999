"""Reading models of 25 MB in each format: time, and peak memory beside the file. The models are made here: fully connected
layers with random weights, as the format's own programs lay them out."""
import io
import json
import zipfile

import numpy as np

from .environment import MIB, SCRATCH, Absent
from .large import dense_layers
from .measure import in_turn, median, narrow
from .table import at_most

WIDTHS = [1280] * 5
SECONDS, FILES = 1.0, 3.0  # the most that reading may take


def layers():
    """(name, weights [in, out], bias) of each layer."""
    rng = np.random.default_rng(1)
    for i, (n, m) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        yield f"dense{i}", rng.standard_normal((n, m), np.float32) / np.float32(n**0.5), np.zeros(m, np.float32)


def tflite():
    return dense_layers(WIDTHS)[0]


def onnx():
    try:
        import onnx
        from onnx import helper, numpy_helper
    except ImportError as e:
        raise Absent(f"no {e.name}") from e
    nodes, constants, last = [], [], "x"
    for name, kernel, bias in layers():
        constants += [numpy_helper.from_array(kernel, f"{name}.w"), numpy_helper.from_array(bias, f"{name}.b")]
        nodes.append(helper.make_node("Gemm", [last, f"{name}.w", f"{name}.b"], [name], name=name))
        last = name
    ends = [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1, w]) for n, w in (("x", WIDTHS[0]), (last, WIDTHS[-1]))]
    graph = helper.make_graph(nodes, "dense", ends[:1], ends[1:], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def field(number, value):
    """A field of a protocol buffer: bytes, or a number."""
    def varint(v):
        out = b""
        while v > 127:
            out, v = out + bytes([v & 127 | 128]), v >> 7
        return out + bytes([v])

    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def attribute(key, number, value):
    return field(5, field(1, key.encode()) + field(2, field(number, value)))


def shape_of(dims):
    return b"".join(field(2, field(1, d)) for d in dims)


def node(name, op, inputs=(), attributes=b""):
    """A node of a TensorFlow graph that computes with float32."""
    return field(1, field(1, name.encode()) + field(2, op.encode()) + b"".join(field(3, i.encode()) for i in inputs) + attributes)


def frozen_graph():
    def constant(name, values):
        tensor = field(1, 1) + field(2, shape_of(values.shape)) + field(4, values.tobytes())
        return node(name, "Const", (), attribute("dtype", 6, 1) + attribute("value", 8, tensor))

    out, last = [node("x", "Placeholder", (), attribute("dtype", 6, 1) + attribute("shape", 7, shape_of([1, WIDTHS[0]])))], "x"
    for name, kernel, bias in layers():
        out += [constant(f"{name}/w", kernel), constant(f"{name}/b", bias), node(f"{name}/mul", "MatMul", (last, f"{name}/w")),
                node(name, "BiasAdd", (f"{name}/mul", f"{name}/b"))]
        last = name
    return b"".join(out)


def keras_config():
    config = [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [1, WIDTHS[0]]}}]
    config += [{"class_name": "Dense", "config": {"name": name, "units": len(bias), "activation": "linear"}}
               for name, _, bias in layers()]
    return json.dumps({"class_name": "Sequential", "config": {"name": "dense", "layers": config}})


def hdf5(fill):
    try:
        import h5py
    except ImportError as e:
        raise Absent(f"no {e.name}") from e
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        fill(file)
    return out.getvalue()


def keras_h5():
    def fill(file):
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = keras_config()
        for name, kernel, bias in layers():
            group = file.create_group(f"model_weights/{name}")
            group.attrs["weight_names"] = np.array([f"{name}/kernel:0", f"{name}/bias:0"], dtype="S")
            group[f"{name}/kernel:0"], group[f"{name}/bias:0"] = kernel, bias

    return hdf5(fill)


def keras_zip():
    def fill(file):
        for i, (_, kernel, bias) in enumerate(layers()):
            group = file.create_group(f"layers/dense{f'_{i}' if i else ''}/vars")
            group["0"], group["1"] = kernel, bias

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", keras_config())
        archive.writestr("model.weights.h5", hdf5(fill))
    return out.getvalue()


MAKERS = {"tflite": tflite, "onnx": onnx, "pb": frozen_graph, "h5": keras_h5, "keras": keras_zip}


def reading(suffix, settings):
    path = SCRATCH / f"read.{suffix}"
    path.write_bytes(MAKERS[suffix]())
    costs = in_turn(settings.rounds, {"": lambda: narrow("inspect", path)})[""]
    size = path.stat().st_size
    return [at_most(f".{suffix} ({size / MIB:.0f} MiB), peak memory in files", max(c.memory for c in costs) / size, FILES, "x"),
            at_most(f".{suffix} ({size / MIB:.0f} MiB), seconds", median(costs, "wall"), SECONDS, "s")]


def cases(settings):
    for suffix in MAKERS:
        yield f".{suffix}", lambda s=suffix: reading(s, settings)
