"""LiteRT Quantizer: a float .tflite in, a quantized one out. usage: NETWORK SCHEME SAMPLES OUT"""
import sys

from litert_quantizer import quantizer, recipe

from bench.environment import NETWORKS
from bench.peers.litert_samples import PROFILER, signature_samples

network, scheme, count, out = NETWORKS[sys.argv[1]], sys.argv[2], int(sys.argv[3]), sys.argv[4]
model = str(network.model)
if scheme == "float16":
    q = quantizer.Quantizer(model)
    q.update_quantization_recipe(regex=".*", operation_name="*", algorithm_key="float_casting",
                                 op_config=quantizer.qtyping.OpQuantizationConfig(
                                     weight_tensor_config=quantizer.qtyping.TensorQuantizationConfig(
                                         num_bits=16, dtype=quantizer.qtyping.TensorDataType.FLOAT),
                                     compute_precision=quantizer.qtyping.ComputePrecision.FLOAT))
    result = q.quantize()
elif scheme == "dynamic":
    result = quantizer.Quantizer(model, recipe.dynamic_wi8_afp32()).quantize()
else:
    q = quantizer.Quantizer(model, recipe.static_wi8_ai8())
    result = q.quantize(q.calibrate(signature_samples(network, count), num_threads=1, mode=PROFILER))
result.export_model(out, overwrite=True)
