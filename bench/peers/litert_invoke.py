"""LiteRT on one thread: processor seconds of an invoke(), the median of blocks.

usage: MODEL reference|default SECONDS
"""
import json
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from .blocks import seconds_of_run

RESOLVERS = {"reference": OpResolverType.BUILTIN_REF, "default": OpResolverType.AUTO}

model, resolver, seconds = sys.argv[1], RESOLVERS[sys.argv[2]], float(sys.argv[3])
interpreter = Interpreter(model, experimental_op_resolver_type=resolver, num_threads=1)
interpreter.allocate_tensors()
rng = np.random.default_rng(1)
for ends in interpreter.get_input_details():
    low, high = (0, 1) if ends["dtype"] == np.float32 else (-100, 100)
    interpreter.set_tensor(ends["index"], rng.uniform(low, high, ends["shape"]).astype(ends["dtype"]))
print(json.dumps({"seconds": seconds_of_run(interpreter.invoke, seconds)}))
