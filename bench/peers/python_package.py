"""What a Python program with narrow takes: prints JSON with seconds of `import`, of that with what the first use imports, of
`quantize` and of `invoke`; and the bytes that were resident before anything was read.

usage: python -m bench.peers.python_package MODEL DATA.npy SCALE QUALITY SAMPLES
"""
import json
import os
import resource
import sys
import time

sys.path.insert(0, os.environ.get("NARROW_PYTHON_PACKAGE", "build/python"))
start = time.perf_counter()
import narrow  # noqa: E402

imported = time.perf_counter() - start
narrow.load  # which imports NumPy
first_use = time.perf_counter() - start
import numpy as np  # noqa: E402

model_path, data_path, scale, quality, samples = sys.argv[1:]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
x = np.load(data_path)[: int(samples)]
start = time.perf_counter()
model = narrow.load(model_path)
small = model.quantize(x, data_scale=float(scale), quality=quality)
small.save(os.path.join(os.path.dirname(data_path), "of_python.tflite"))
quantized = time.perf_counter() - start
interpreter = narrow.Interpreter(small)
runs = 2000
start = time.perf_counter()
for _ in range(runs):
    interpreter.invoke()
invoked = (time.perf_counter() - start) / runs
start = time.perf_counter()
session = interpreter._session
for _ in range(runs):
    session.run()
native = (time.perf_counter() - start) / runs
print(json.dumps({"import": imported, "first_use": first_use, "before": before, "quantize": quantized, "invoke": invoked, "native": native}))
