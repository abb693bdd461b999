"""ONNX Runtime: quantizes a float .onnx, and runs both on other samples. Prints signal and noise of the outputs, and how
many samples have their largest value where the labels say.

usage: MODEL CALIBRATION.npy TEST.npy LABELS.npy|- KIND OUT
KIND is minmax, tensor (min-max, one scale for each tensor) or percentile (8 bits), 16x8 (16-bit activations) or 16 (16-bit weights too).
"""
import contextlib
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

model, kind, out = sys.argv[1], sys.argv[5], pathlib.Path(sys.argv[6])
calibration, test = (np.load(f) for f in sys.argv[2:4])
labels = None if sys.argv[4] == "-" else np.load(sys.argv[4])
prepared = out.with_suffix(".prepared.onnx")
quant_pre_process(model, prepared, skip_symbolic_shape=True)


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


(end,) = session(prepared).get_inputs()
if end.shape[1] == test.shape[3]:  # channels first
    calibration, test = (x.transpose(0, 3, 1, 2) for x in (calibration, test))


class Reader(CalibrationDataReader):
    def __init__(self):
        self.rest = iter([{end.name: calibration[i:i + 1]} for i in range(len(calibration))])

    def get_next(self):
        return next(self.rest, None)


wide, wide_weights = kind.startswith("16"), kind == "16"
with contextlib.redirect_stdout(sys.stderr):  # it tells how far it is
    quantize_static(prepared, out, Reader(), quant_format=QuantFormat.QDQ, per_channel=kind != "tensor",
                    activation_type=QuantType.QUInt16 if wide else QuantType.QInt8,
                    weight_type=QuantType.QInt16 if wide_weights else QuantType.QInt8,
                    calibrate_method=CalibrationMethod.Percentile if kind == "percentile" else CalibrationMethod.MinMax,
                    extra_options={"UseQDQContribOps": True} if wide else {})


def outputs(path):
    runs = session(path)
    return np.concatenate([runs.run(None, {end.name: test[i:i + 1]})[0].reshape(1, -1) for i in range(len(test))])


f, q = outputs(prepared).astype(np.float64), outputs(out).astype(np.float64)
right = f.argmax(1) if labels is None else labels
print(json.dumps({"sqnr_db": float(10 * np.log10((f ** 2).sum() / ((f - q) ** 2).sum())),
                  "right": int((q.argmax(1) == right).sum()), "samples": len(test)}))
