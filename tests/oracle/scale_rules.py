"""What TFLite's kernels ask of scales, checked op by op over a file; written from the format's specification."""
import numpy as np

from .tflite_builder import schema

SAME = {"AVERAGE_POOL_2D", "MAX_POOL_2D", "RESHAPE", "TRANSPOSE", "PAD", "PADV2", "MIRROR_PAD", "SQUEEZE", "EXPAND_DIMS",
        "STRIDED_SLICE", "SLICE", "SPLIT", "SPLIT_V", "UNPACK", "PACK", "CONCATENATION", "MAXIMUM", "MINIMUM", "GATHER",
        "GATHER_ND", "TILE", "REVERSE_V2", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "SPACE_TO_DEPTH",
        "DEPTH_TO_SPACE", "REDUCE_MAX", "REDUCE_MIN", "FILL", "BROADCAST_TO", "SELECT", "SELECT_V2"}
FIXED = {("LOGISTIC", "int8"): (1 / 256, -128), ("SOFTMAX", "int8"): (1 / 256, -128), ("TANH", "int8"): (1 / 128, 0),
         ("LOGISTIC", "int16"): (1 / 32768, 0), ("SOFTMAX", "int16"): (1 / 32768, 0), ("TANH", "int16"): (1 / 32768, 0)}
LAYERS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 0}
CONTROL = {"IF", "WHILE", "CALL"}


def name_of(enum, value):
    return next(k for k, v in vars(enum).items() if v == value and not k.startswith("_"))


class Tensor:
    def __init__(self, t):
        self.name = t.name.decode()
        self.dtype = name_of(schema().TensorType, t.type).lower()
        q = t.quantization
        self.scales = np.zeros(0, np.float32) if q is None or q.scale is None else np.asarray(q.scale, np.float32)
        self.zeros = np.zeros(0, int) if q is None or q.zeroPoint is None else np.asarray(q.zeroPoint, int)
        self.axis = 0 if q is None else q.quantizedDimension
        self.quantized = self.dtype in ("int8", "int16", "uint8") and len(self.scales) > 0

    @property
    def grid(self):
        return self.dtype, self.scales.tolist(), self.zeros.tolist()


def graphs_of(content):
    """[(tensors, [(op, inputs, outputs)], inputs, outputs)] of a file."""
    m = schema().ModelT.InitFromObj(schema().Model.GetRootAs(content))
    codes = [name_of(schema().BuiltinOperator, max(c.builtinCode, c.deprecatedBuiltinCode)) for c in m.operatorCodes]
    out = []
    for g in m.subgraphs:
        listed = [(codes[o.opcodeIndex], [int(i) for i in o.inputs], [int(i) for i in o.outputs])
                  for o in (g.operators if g.operators is not None else [])]
        out.append(([Tensor(t) for t in g.tensors], listed, list(g.inputs), list(g.outputs)))
    return out


def violations(content):
    """One line for each op that a kernel would refuse or compute wrongly."""
    return [f"graph {g}: {line}" for g, graph in enumerate(graphs_of(content)) for line in in_graph(*graph)]


def in_graph(tensors, ops, inputs, outputs):
    for index, (op, ins, outs) in enumerate(ops):
        a = [tensors[i] for i in ins if i >= 0]
        y = [tensors[i] for i in outs]
        label = f"op {index} ({op})"
        if op not in ("QUANTIZE", "DEQUANTIZE", *CONTROL):
            if {"float32"} <= {t.dtype for t in a + y} and any(t.quantized for t in a + y):
                yield f"{label} mixes float32 and integers"
        if op in SAME:
            if len({str(t.grid) for t in a + y if t.quantized}) > 1:
                yield f"{label} has unequal scales: {[t.grid for t in a + y if t.quantized]}"
        if (op, y[0].dtype) in FIXED:
            scale, zero = FIXED[op, y[0].dtype]
            if y[0].scales.tolist() != [scale] or y[0].zeros.tolist() != [zero]:
                yield f"{label} needs scale {scale}, has {y[0].grid}"
        if op in LAYERS and y[0].quantized:
            yield from in_layer(label, LAYERS[op], a)
        if y and y[0].dtype == "int16" and any(y[0].zeros):
            yield f"{label} has 16 bits and a zero point"
    yield from conversions(tensors, ops, outputs)


def in_layer(label, axis, operands):
    x, w = operands[:2]
    if w.dtype != "int8" or any(w.zeros) or (len(w.scales) > 1 and w.axis != axis):
        yield f"{label} has weights of {w.grid} along {w.axis}"
    if len(operands) > 2:
        b = operands[2]
        wanted = x.scales[0] * w.scales
        if not np.allclose(b.scales, wanted, rtol=1e-6, atol=0):
            yield f"{label} has a bias whose scales are not data times weights"


def conversions(tensors, ops, outputs):
    """Conversions that change nothing or are made twice, but for results that callers know by different names."""
    seen = {}
    for index, (op, ins, outs) in enumerate(ops):
        if op not in ("QUANTIZE", "DEQUANTIZE"):
            continue
        x, y = tensors[ins[0]], tensors[outs[0]]
        if x.grid == y.grid:
            yield f"op {index} ({op}) changes nothing"
        key = (ins[0], str(y.grid))
        if key in seen and not {seen[key], outs[0]} <= set(outputs):
            yield f"op {index} ({op}) repeats a conversion of '{x.name}'"
        seen[key] = outs[0]
