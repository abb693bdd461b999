"""LiteRT Quantizer's calibration: processor seconds that a sample costs. usage: NETWORK FEW MANY"""
import json
import sys
import time

from litert_quantizer import quantizer, recipe

from bench.environment import NETWORKS
from bench.peers.litert_samples import PROFILER, signature_samples

network, few, many = NETWORKS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
q = quantizer.Quantizer(str(network.model), recipe.static_wi8_ai8())
samples = {n: signature_samples(network, n) for n in (few, many)}


def seconds(count):
    start = time.process_time()
    q.calibrate(samples[count], num_threads=1, mode=PROFILER)
    return time.process_time() - start


seconds(few)  # warm
print(json.dumps({"seconds_per_sample": (seconds(many) - seconds(few)) / (many - few)}))
