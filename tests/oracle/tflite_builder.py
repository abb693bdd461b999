"""Builds small .tflite models, with code that flatc makes from narrow's own schema."""
import functools
import importlib.util
import subprocess
import sys

import flatbuffers
import numpy as np

from .environment import BUILD, ROOT

SCHEMA = ROOT / "src" / "tflite" / "schema.fbs"
TYPES = {"float32": "FLOAT32", "float16": "FLOAT16", "int8": "INT8", "uint8": "UINT8", "int16": "INT16",
         "int32": "INT32", "int64": "INT64", "bool": "BOOL"}
NOT_NUMPY = {"resource": "RESOURCE", "int4": "INT4"}


@functools.cache
def schema():
    """The generated module; made anew where the schema is newer. To be called before work is split among processes."""
    folder = BUILD / "oracle"
    made = folder / "schema_generated.py"
    if not made.exists() or made.stat().st_mtime < SCHEMA.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["flatc", "--python", "--gen-object-api", "--gen-onefile", "-o", folder, SCHEMA], check=True)
    spec = importlib.util.spec_from_file_location("schema_generated", made)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Grid:
    """Quantization of a tensor: one scale and zero point, or one of each for every index along `axis`."""

    def __init__(self, scale, zero_point=0, axis=0):
        self.scales = np.atleast_1d(np.asarray(scale, np.float32))
        self.zero_points = np.broadcast_to(np.asarray(zero_point, np.int64), self.scales.shape).copy()
        self.axis = axis

    @property
    def scale(self):
        return float(self.scales[0])

    @property
    def zero_point(self):
        return int(self.zero_points[0])

    def __eq__(self, other):
        return np.array_equal(self.scales, other.scales) and np.array_equal(self.zero_points, other.zero_points)


def nibbles(values):
    """Integers of 4 bits, two in a byte: the one with the even index in the lower half."""
    low = np.asarray(values).reshape(-1).astype(np.uint8) & 15
    low = np.append(low, np.zeros(low.size % 2, np.uint8))
    return low[::2] | low[1::2] << 4


class Data:
    """A buffer whose bytes start at a multiple of 16, which the generated code does not see to."""

    def __init__(self, content):
        self.content = content

    def Pack(self, builder):
        builder.StartVector(1, len(self.content), 16)
        start = builder.head = builder.Head() - len(self.content)
        builder.Bytes[start:start + len(self.content)] = self.content
        vector = builder.EndVector()
        schema().BufferStart(builder)
        schema().BufferAddData(builder, vector)
        return schema().BufferEnd(builder)


class TfliteBuilder:
    """A model, graph by graph, tensor by tensor and op by op. What is added goes to the last graph."""

    def __init__(self):
        self.graphs, self.codes, self.buffers, self.signatures = [], [], [schema().BufferT()], []
        self.entries = []
        self.graph()

    def graph(self):
        """Begins another graph and returns its index."""
        self.tensors, self.ops, self.inputs, self.outputs = [], [], [], []
        self.graphs.append((self.tensors, self.ops, self.inputs, self.outputs))
        return len(self.graphs) - 1

    def tensor(self, name, shape, dtype, grid=None, values=None):
        """Adds a tensor and returns its index; with `values` it is a constant. Dimensions of -1 are free."""
        t = schema().TensorT()
        signature = np.asarray(shape, np.int32)
        t.name, t.shape = name, np.where(signature == -1, 1, signature).astype(np.int32)
        if (signature == -1).any():
            t.shapeSignature = signature
        t.type = getattr(schema().TensorType, NOT_NUMPY.get(dtype) or TYPES[np.dtype(dtype).name])
        t.hasRank = True
        if grid is not None:
            q = t.quantization = schema().QuantizationParametersT()
            q.scale, q.zeroPoint, q.quantizedDimension = grid.scales, grid.zero_points, grid.axis
        if values is not None:
            t.buffer = len(self.buffers)
            stored = nibbles(values) if dtype == "int4" else np.ascontiguousarray(values, dtype)
            self.buffers.append(Data(stored.tobytes()))
        self.tensors.append(t)
        return len(self.tensors) - 1

    def input(self, name, shape, dtype, grid=None):
        self.inputs.append(self.tensor(name, shape, dtype, grid))
        return self.inputs[-1]

    def output(self, name, shape, dtype, grid=None):
        self.outputs.append(self.tensor(name, shape, dtype, grid))
        return self.outputs[-1]

    def operator(self, name, inputs, outputs, version=1):
        """Adds an operator without options and returns it."""
        code = schema().OperatorCodeT()
        code.builtinCode = getattr(schema().BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = version
        self.codes.append(code)
        o = schema().OperatorT()
        o.opcodeIndex = len(self.codes) - 1
        o.inputs, o.outputs = np.asarray(inputs, np.int32), np.asarray(outputs, np.int32)
        self.ops.append(o)
        return o

    def custom_op(self, name, inputs, outputs, options):
        """Adds a custom operator; `options` are bytes."""
        o = self.operator("CUSTOM", inputs, outputs)
        self.codes[-1].customCode = name
        o.customOptions = np.frombuffer(options, np.uint8)

    def op(self, name, inputs, outputs, options=None, version=1, **fields):
        """Adds an operator; `options` names its table ("Conv2DOptions") and `fields` are what is in it."""
        o = self.operator(name, inputs, outputs, version)
        if options:
            o.builtinOptionsType = getattr(schema().BuiltinOptions, options)
            o.builtinOptions = getattr(schema(), options + "T")()
            for field, value in fields.items():
                assert hasattr(o.builtinOptions, field), f"{options} has no {field}"
                setattr(o.builtinOptions, field, value)

    def signature(self, key):
        """Names the last graph, whose inputs and outputs are complete."""
        def maps(tensors):
            out = []
            for t in tensors:
                out.append(schema().TensorMapT())
                out[-1].name, out[-1].tensorIndex = self.tensors[t].name, t
            return out

        s = schema().SignatureDefT()
        s.signatureKey, s.subgraphIndex = key, len(self.graphs) - 1
        s.inputs, s.outputs = maps(self.inputs), maps(self.outputs)
        self.signatures.append(s)

    def metadata(self, name, content):
        """Adds an entry of bytes to the file's metadata."""
        entry = schema().MetadataT()
        entry.name, entry.buffer = name, len(self.buffers)
        self.buffers.append(Data(content))
        self.entries.append(entry)

    def bytes(self):
        """The file."""
        m = schema().ModelT()
        m.version, m.operatorCodes, m.subgraphs, m.buffers = 3, self.codes, [], self.buffers
        m.signatureDefs, m.metadata = self.signatures, self.entries
        for tensors, ops, inputs, outputs in self.graphs:
            g = schema().SubGraphT()
            g.tensors, g.operators = tensors, ops
            g.inputs, g.outputs = np.asarray(inputs, np.int32), np.asarray(outputs, np.int32)
            m.subgraphs.append(g)
        b = flatbuffers.Builder(4096)
        b.Finish(m.Pack(b), b"TFL3")
        return bytes(b.Output())
