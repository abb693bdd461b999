"""TFLM's reference kernels: processor seconds of an invoke(), the median of blocks.

usage: MODEL SECONDS
"""
import json
import sys

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from .blocks import seconds_of_run

interpreter = runtime.Interpreter.from_file(sys.argv[1], arena_size=1 << 20)
ends = interpreter.get_input_details(0)
values = np.random.default_rng(1).uniform(-100, 100, ends["shape"]).astype(ends["dtype"])
interpreter.set_input(values, 0)
print(json.dumps({"seconds": seconds_of_run(interpreter.invoke, float(sys.argv[2]))}))
