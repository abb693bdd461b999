"""ONNX Runtime: static min-max, QDQ, int8 per channel. usage: NETWORK SAMPLES OUT"""
import pathlib
import sys

import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from bench.environment import NETWORKS

network, count, out = NETWORKS[sys.argv[1]], int(sys.argv[2]), pathlib.Path(sys.argv[3])
prepared = out.with_suffix(".prepared.onnx")


class Reader(CalibrationDataReader):
    def __init__(self):
        name = onnxruntime.InferenceSession(prepared, providers=["CPUExecutionProvider"]).get_inputs()[0].name
        x = network.samples(count)
        self.rest = iter([{name: x[i:i + 1]} for i in range(count)])

    def get_next(self):
        return next(self.rest, None)


quant_pre_process(network.file("model.onnx"), prepared, skip_symbolic_shape=True)
quantize_static(prepared, out, Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
                activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax)
