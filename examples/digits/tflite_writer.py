"""Writes the network of net.py as a .tflite file, with classes that flatc makes from the format's schema."""
import pathlib
import subprocess
import sys
import tempfile

import flatbuffers
import numpy as np

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "src" / "tflite" / "schema.fbs"


def load_format(folder):
    """Generates the schema's Python classes into `folder` and imports them."""
    subprocess.run(["flatc", "--python", "--gen-object-api", "--gen-onefile", "-o", folder, str(SCHEMA)], check=True)
    generated = list(pathlib.Path(folder).rglob("*.py"))
    (pathlib.Path(folder) / "tflite_format.py").write_text(max(generated, key=lambda p: p.stat().st_size).read_text())
    sys.path.insert(0, folder)
    import tflite_format
    return tflite_format


class Writer:
    """Collects tensors, constants and ops of one graph."""

    def __init__(self, fmt):
        self.fmt = fmt
        self.model = fmt.ModelT()
        self.model.version = 3
        self.model.description = "digits, trained by examples/digits/train.py"
        self.model.buffers = [self.buffer(b"")]
        self.model.operatorCodes = []
        self.graph = fmt.SubGraphT()
        self.graph.name, self.graph.tensors, self.graph.operators = "main", [], []

    def buffer(self, data):
        class Buffer(self.fmt.BufferT):
            def Pack(self, builder):  # constants start at a multiple of 16 bytes
                vector = None
                if data:
                    builder.StartVector(1, len(data), 16)
                    builder.head -= len(data)
                    builder.Bytes[builder.head:builder.head + len(data)] = data
                    vector = builder.EndVector()
                builder.StartObject(3)
                if vector is not None:
                    builder.PrependUOffsetTRelativeSlot(0, vector, 0)
                return builder.EndObject()
        return Buffer()

    def tensor(self, name, shape, values=None):
        t = self.fmt.TensorT()
        t.name, t.shape, t.buffer, t.hasRank = name, list(shape), 0, True
        if values is not None:
            t.type = self.fmt.TensorType.INT32 if values.dtype == np.int32 else self.fmt.TensorType.FLOAT32
            t.buffer = len(self.model.buffers)
            self.model.buffers.append(self.buffer(values.tobytes()))
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def op(self, kind, inputs, output, options, **fields):
        code = self.fmt.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self.fmt.BuiltinOperator, kind)
        known = [c.builtinCode for c in self.model.operatorCodes]
        if code.builtinCode not in known:
            self.model.operatorCodes.append(code)
            known.append(code.builtinCode)
        o = self.fmt.OperatorT()
        o.opcodeIndex, o.inputs, o.outputs = known.index(code.builtinCode), inputs, [output]
        o.builtinOptionsType = getattr(self.fmt.BuiltinOptions, options)
        o.builtinOptions = getattr(self.fmt, options + "T")()
        for key, value in fields.items():
            setattr(o.builtinOptions, key, value)
        self.graph.operators.append(o)
        return output

    def signature(self, inputs, outputs):
        s = self.fmt.SignatureDefT()
        s.signatureKey, s.inputs, s.outputs = "serving_default", [], []
        for into, named in ((s.inputs, inputs), (s.outputs, outputs)):
            for name, index in named.items():
                entry = self.fmt.TensorMapT()
                entry.name, entry.tensorIndex = name, index
                into.append(entry)
        self.model.signatureDefs = [s]
        self.graph.inputs, self.graph.outputs = list(inputs.values()), list(outputs.values())

    def bytes(self):
        self.model.subgraphs = [self.graph]
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def write(path, params):
    w1, b1, w2, b2, w3, b3 = params
    with tempfile.TemporaryDirectory() as folder:
        fmt = load_format(folder)
        w = Writer(fmt)
        same, relu = fmt.Padding.SAME, fmt.ActivationFunctionType.RELU

        def conv(x, name, weights, bias, size):
            inputs = [x, w.tensor(name + "/weights", weights.shape, weights), w.tensor(name + "/bias", bias.shape, bias)]
            y = w.tensor(name, (1, size, size, len(bias)))
            return w.op("CONV_2D", inputs, y, "Conv2DOptions", padding=same, strideW=1, strideH=1,
                        fusedActivationFunction=relu)

        def pool(x, name, size, channels):
            return w.op("MAX_POOL_2D", [x], w.tensor(name, (1, size, size, channels)), "Pool2DOptions",
                        padding=fmt.Padding.VALID, strideW=2, strideH=2, filterWidth=2, filterHeight=2)

        image = w.tensor("image", (1, 8, 8, 1))
        y = pool(conv(image, "conv1", w1, b1, 8), "pool1", 4, len(b1))
        y = pool(conv(y, "conv2", w2, b2, 4), "pool2", 2, len(b2))
        flat = np.array([1, w3.shape[1]], np.int32)
        y = w.op("RESHAPE", [y, w.tensor("flat/shape", (2,), flat)], w.tensor("flat", flat), "ReshapeOptions",
                 newShape=list(map(int, flat)))
        inputs = [y, w.tensor("dense/weights", w3.shape, w3), w.tensor("dense/bias", b3.shape, b3)]
        logits = w.op("FULLY_CONNECTED", inputs, w.tensor("logits", (1, len(b3))), "FullyConnectedOptions")
        w.signature({"image": image}, {"logits": logits})
        pathlib.Path(path).write_bytes(w.bytes())
