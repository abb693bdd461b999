"""ONNX Runtime on one thread: processor seconds of a run of a model with one input, the median of blocks.

usage: MODEL SECONDS
"""
import json
import sys

import numpy as np
import onnxruntime

from .blocks import seconds_of_run

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
taken = session.get_inputs()[0]
x = np.random.default_rng(1).standard_normal(taken.shape, np.float32)
print(json.dumps({"seconds": seconds_of_run(lambda: session.run(None, {taken.name: x}), float(sys.argv[2]))}))
