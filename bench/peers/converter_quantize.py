"""TensorFlow's converter: a Keras model in, an int8 .tflite out. usage: NETWORK SAMPLES OUT"""
import pathlib
import sys

import tensorflow as tf

from bench.environment import NETWORKS

network, count, out = NETWORKS[sys.argv[1]], int(sys.argv[2]), pathlib.Path(sys.argv[3])
x = network.samples(count)
converter = tf.lite.TFLiteConverter.from_keras_model(tf.keras.models.load_model(network.file("model.keras")))
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([x[i:i + 1]] for i in range(count))
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
out.write_bytes(converter.convert())
