"""Makes the TensorFlow files that tests and tutorials read, and what TensorFlow computes from them.

usage: python tests/oracle/graphdef_files.py     (needs tensorflow; writes examples/digits/frozen.pb and tests/read/graphdef/files/)

examples/digits/frozen.pb is the network of float.tflite as a frozen graph of TensorFlow 1. saved_model/ is a network with
variables and functions that call functions; lstm_saved_model/ holds a loop with tensor lists, as Keras writes an LSTM;
signatures_saved_model/ has two signatures; simple_saved_model/ and checkpoint/ are of TensorFlow 1.
The .npy files beside them hold inputs and outputs.
"""
import os
import pathlib
import shutil
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "tests" / "read" / "graphdef" / "files"


def digits():
    interpreter = tf.lite.Interpreter(str(ROOT / "examples" / "digits" / "float.tflite"))
    held = {}
    for op in interpreter._get_ops_details():
        if op["op_name"] in ("CONV_2D", "FULLY_CONNECTED"):
            name = interpreter._get_tensor_details(op["outputs"][0], 0)["name"]
            held[name] = [interpreter.get_tensor(t) for t in op["inputs"][1:]]
    tf1 = tf.compat.v1
    with tf.Graph().as_default() as graph:
        x = tf1.placeholder(tf.float32, (None, 8, 8, 1), name="image")
        for name, pool in (("conv1", "pool1"), ("conv2", "pool2")):
            weights, bias = held[name]
            filters = tf.constant(weights.transpose(1, 2, 3, 0), name=f"{name}/weights")
            x = tf1.nn.conv2d(x, filters, strides=1, padding="SAME", name=f"{name}/Conv2D")
            x = tf1.nn.relu(tf1.nn.bias_add(x, tf.constant(bias, name=f"{name}/biases"), name=f"{name}/BiasAdd"), name=name)
            x = tf1.nn.max_pool2d(x, 2, 2, "VALID", name=pool)
        x = tf.reshape(x, (-1, 96), name="flat")
        weights, bias = held["logits"]
        x = tf.matmul(x, tf.constant(weights.T, name="dense/weights"), name="dense/MatMul")
        tf1.nn.bias_add(x, tf.constant(bias, name="dense/biases"), name="logits")
        (ROOT / "examples" / "digits" / "frozen.pb").write_bytes(graph.as_graph_def().SerializeToString(deterministic=True))


class Network(tf.Module):
    def __init__(self, random):
        super().__init__()
        self.w = tf.Variable(random.normal(size=(3, 3, 2, 4)).astype(np.float32), name="w")
        self.b = tf.Variable(random.normal(size=4).astype(np.float32), name="b")
        self.head = tf.Variable(random.normal(size=(4, 3)).astype(np.float32), name="head")

    @tf.function
    def layer(self, x):
        return tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, self.w, 1, "SAME"), self.b))

    @tf.function(input_signature=[tf.TensorSpec((None, 5, 5, 2), tf.float32, name="image")])
    def serve(self, image):
        x = tf.reduce_mean(self.layer(image), (1, 2))
        return {"scores": tf.nn.softmax(tf.matmul(x, self.head))}


class Lstm(tf.Module):
    """h and c of a cell over the steps of a sequence, in a loop over tensor lists."""

    def __init__(self, random):
        super().__init__()
        self.w = tf.Variable(0.5 * random.normal(size=(3 + 4, 16)).astype(np.float32), name="w")

    @tf.function(input_signature=[tf.TensorSpec((1, 6, 3), tf.float32, name="sequence")])
    def serve(self, sequence):
        steps = tf.TensorArray(tf.float32, 6).unstack(tf.transpose(sequence, (1, 0, 2)))
        outputs = tf.TensorArray(tf.float32, 6)

        def body(i, h, c, outputs):
            a, b, d, e = tf.split(tf.matmul(tf.concat((steps.read(i), h), 1), self.w), 4, 1)
            c = tf.sigmoid(a) * c + tf.sigmoid(b) * tf.tanh(d)
            h = tf.sigmoid(e) * tf.tanh(c)
            return i + 1, h, c, outputs.write(i, h)

        zero = tf.zeros((1, 4))
        *_, outputs = tf.while_loop(lambda i, *_: i < 6, body, (0, zero, zero, outputs))
        return {"states": tf.transpose(outputs.stack(), (1, 0, 2))}


class TwoWays(tf.Module):
    """Two networks over one variable, each with a signature of its own."""

    def __init__(self, random):
        super().__init__()
        self.w = tf.Variable(random.normal(size=(4, 3)).astype(np.float32), name="w")

    @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32, name="row")])
    def serve(self, row):
        return {"scores": tf.matmul(row, self.w)}

    @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.float32, name="scores")])
    def back(self, scores):
        return {"row": tf.nn.relu(tf.matmul(scores, self.w, transpose_b=True))}


def simple_save(folder, random):
    """As TensorFlow 1 saves the graph and the variables of a session, in a folder and in a checkpoint."""
    tf1, path = tf.compat.v1, FILES / folder
    shutil.rmtree(path, ignore_errors=True)
    x = random.normal(size=(20, 6, 6, 2)).astype(np.float32)
    with tf.Graph().as_default(), tf1.Session() as session:
        image = tf1.placeholder(tf.float32, (None, 6, 6, 2), name="image")
        w = tf1.get_variable("conv/w", initializer=random.normal(size=(3, 3, 2, 4)).astype(np.float32), use_resource=False)
        b = tf1.get_variable("conv/b", initializer=random.normal(size=4).astype(np.float32), use_resource=False)
        head = tf1.get_variable("head", initializer=random.normal(size=(4, 3)).astype(np.float32), use_resource=True)
        features = tf1.nn.relu(tf1.nn.bias_add(tf1.nn.conv2d(image, w, strides=1, padding="SAME"), b))
        scores = tf1.nn.softmax(tf1.matmul(tf1.reduce_mean(features, (1, 2)), head), name="scores")
        session.run(tf1.global_variables_initializer())
        tf1.saved_model.simple_save(session, str(path), inputs={"image": image}, outputs={"scores": scores})
        tf1.train.Saver().save(session, str(FILES / "checkpoint" / "model.ckpt"))
        (FILES / "checkpoint" / "checkpoint").unlink()  # names the folder
        np.save(FILES / f"{folder}_y.npy", session.run(scores, {image: x}))
    np.save(FILES / f"{folder}_x.npy", x)


def save(module, folder, name, shape, output, random, signatures=None):
    path = FILES / folder
    shutil.rmtree(path, ignore_errors=True)
    tf.saved_model.save(module, str(path), signatures=signatures or module.serve)
    for unused in ("fingerprint.pb", "assets"):
        if (path / unused).is_dir():
            shutil.rmtree(path / unused)
        else:
            (path / unused).unlink(missing_ok=True)
    x = random.normal(size=shape).astype(np.float32)
    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    y = [serve(**{name: tf.constant(sample[None])})[output].numpy()[0] for sample in x]
    np.save(FILES / f"{folder}_x.npy", x)
    np.save(FILES / f"{folder}_y.npy", np.asarray(y))


def main():
    FILES.mkdir(exist_ok=True)
    digits()
    random = np.random.default_rng(14)
    save(Network(random), "saved_model", "image", (20, 5, 5, 2), "scores", random)
    save(Lstm(random), "lstm_saved_model", "sequence", (20, 6, 3), "states", random)
    random = np.random.default_rng(15)
    two = TwoWays(random)
    save(two, "signatures_saved_model", "row", (20, 4), "scores", random, {"serving_default": two.serve, "back": two.back})
    simple_save("simple_saved_model", random)


if __name__ == "__main__":
    sys.exit(main())
