"""LiteRT Quantizer: a float .tflite in, an integer one out. usage: MODEL CALIBRATION.npy KIND OUT

KIND is default (ranges by moving average), minmax, 16x8 or 4-bit (min-max; convolutions and dense layers, which is what
it has 4-bit weights for beside 8-bit activations; the others at 8).
"""
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from litert_quantizer import calibrator, qtyping, quantizer, recipe_manager
from litert_quantizer.utils import qsv_utils

from bench.peers.litert_samples import PROFILER

model, kind, out = sys.argv[1], sys.argv[3], sys.argv[4]
x = np.load(sys.argv[2])
Ops = qtyping.TFLOperationName
recipe = recipe_manager.RecipeManager()
recipe.add_static_config(".*", Ops.ALL_SUPPORTED, activation_num_bits=16 if kind == "16x8" else 8, weight_num_bits=8)
if kind == "4-bit":
    for op in (Ops.CONV_2D, Ops.FULLY_CONNECTED):
        recipe.add_static_config(".*", op, activation_num_bits=8, weight_num_bits=4)

(signature, ends), = Interpreter(model).get_signature_list().items()
name, = ends["inputs"]
by = {} if kind == "default" else {"qsv_update_func": qsv_utils.min_max_update}
ranges = calibrator.Calibrator(model, num_threads=1, mode=PROFILER, **by)
ranges.calibrate({signature: [{name: x[i:i + 1]} for i in range(len(x))]}, recipe)

q = quantizer.Quantizer(model, recipe.get_quantization_recipe())
q.quantize(ranges.get_model_qsvs()).export_model(out, overwrite=True)
