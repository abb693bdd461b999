"""LiteRT on one thread: processor seconds of an invoke(), the median of blocks.

usage: MODEL reference|default SECONDS
"""
import json
import statistics
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

RESOLVERS = {"reference": OpResolverType.BUILTIN_REF, "default": OpResolverType.AUTO}
BLOCKS = 7

model, resolver, seconds = sys.argv[1], RESOLVERS[sys.argv[2]], float(sys.argv[3])
interpreter = Interpreter(model, experimental_op_resolver_type=resolver, num_threads=1)
interpreter.allocate_tensors()
rng = np.random.default_rng(1)
for ends in interpreter.get_input_details():
    low, high = (0, 1) if ends["dtype"] == np.float32 else (-100, 100)
    interpreter.set_tensor(ends["index"], rng.uniform(low, high, ends["shape"]).astype(ends["dtype"]))


def block(count):
    """Processor seconds of one invocation, the mean of `count`."""
    start = time.process_time()
    for _ in range(count):
        interpreter.invoke()
    return (time.process_time() - start) / count


block(1)  # the first one prepares
count = max(1, int(seconds / BLOCKS / max(block(3), 1e-6)))
print(json.dumps({"seconds": statistics.median(block(count) for _ in range(BLOCKS))}))
