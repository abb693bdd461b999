"""Recurrent layers. Their samples are a sequence: LiteRT and narrow keep the state from one to the next."""
import numpy as np

from ..draw import Unfit
from ..tflite_builder import Grid

# The format's numbers of activations. Without one LiteRT multiplies the output gate with what a buffer happens to hold.
RELU, RELU6, TANH = 1, 3, 4


def floats_only(draw):
    if draw.integer:
        raise Unfit("narrow has no integer form of it")


def small(draw, shape, size=0.5):
    """A constant of values about as large as those of trained weights."""
    return draw.constant(draw.rng.standard_normal(shape) * size, dtype=np.float32)


def weights_of(draw, hybrid):
    """What makes a layer's weights: floats, or integers that meet float data."""
    def weights(shape, size=0.5):
        if not hybrid:
            return small(draw, shape, size)
        return draw.constant(draw.rng.integers(-127, 128, shape), Grid(np.float32(size * draw.pick(0.006, 0.02))), np.int8)
    return weights


def state(draw, shape):
    """A tensor that keeps its values from one sample to the next."""
    t = draw.net.tensor(f"state{len(draw.net.tensors)}", shape, np.float32)
    draw.net.tensors[t].isVariable = True
    return t


def signal(draw, shape):
    """An input, with samples that neither vanish nor drive all gates to their ends."""
    x = draw.input(shape)
    draw.samples["x0"] = draw.rng.standard_normal(draw.samples["x0"].shape).astype(np.float32)
    return x


def whole_state(draw, shape, dtype, grid):
    t = draw.net.tensor(f"state{len(draw.net.tensors)}", shape, dtype, grid)
    draw.net.tensors[t].isVariable = True
    return t


def integer_lstm(draw):
    """8 bits: all forms that LiteRT has; 16 bits, which TFLM alone has: the plain one. Gates
    are drawn such that few of them lie at their ends."""
    wide = draw.width == "int16"
    plain = wide or draw.chance(0.5)
    batch, time, features, cells = (draw.whole(1, n) for n in (3, 6, 9, 12))
    coupled, peephole, projection = (not plain and draw.chance(0.5) for _ in range(3))
    norm = not plain and draw.chance(0.5)
    out = draw.whole(1, 8) if projection and not peephole else cells
    time_major = draw.chance(0.3)
    first = 1 if coupled else 0
    grid = draw.grid()
    x = draw.input([time, batch, features] if time_major else [batch, time, features], grid)
    hidden = draw.grid(draw.log(-15.5, -14) if wide else draw.log(-7.5, -6), draw.whole(-20, 20))
    cell = Grid(2.0 ** -draw.whole(9, 15))
    given = draw.grid(np.float32(1 / 120), draw.whole(-9, 9)) if projection else hidden
    operands = [x, *[-1] * 23]

    def weights(shape, size, largest):
        """Their sums over data with that root mean square are about `largest`."""
        scale = np.float32(largest / (max(size, 1e-6) * 70 * np.sqrt(shape[-1])))
        return draw.constant(draw.rng.integers(-127, 128, shape), Grid(scale), np.int8)

    def scale_of(tensor):
        return draw.net.tensors[tensor].quantization.scale[0]

    def bias(count, of, weight):
        scale = np.float32(of) * scale_of(weight)
        values = np.round(draw.rng.standard_normal(count) * draw.pick(0, 1, 3) / scale)
        most = 2.0 ** (39 if wide else 30)
        return draw.constant(np.clip(values, -most, most), Grid(scale), np.int64 if wide else np.int32)

    for g in range(first, 4):
        operands[1 + g] = weights([cells, features], draw.sizes[x], draw.pick(0.5, 1, 3))
        operands[5 + g] = weights([cells, out], 0.4, draw.pick(0.5, 1, 3))
        operands[12 + g] = bias(cells, grid.scale, operands[1 + g])
        if peephole and g != 2:
            operands[(9, 10, None, 11)[g]] = draw.constant(draw.rng.integers(-32767, 32768, [cells]),
                                                          Grid(draw.log(-16, -14)), np.int16)
        if norm:  # what is normalized has a scale of its own, and biases come behind it
            factor = np.float32(draw.pick(0.5, 1, 2) / 32767)
            operands[20 + g] = draw.constant(draw.rng.integers(-32767, 32768, [cells]), Grid(factor), np.int16)
            values = np.round(draw.rng.standard_normal(cells) * 1024 / factor)
            operands[12 + g] = draw.constant(values, Grid(np.float32(factor / 1024)), np.int32)
    if projection:
        operands[16] = weights([out, cells], 0.4, 0.5)
        if draw.chance(0.5):
            operands[17] = bias(out, given.scale, operands[16])
    operands[18] = whole_state(draw, [batch, out], draw.dtype, hidden)
    operands[19] = whole_state(draw, [batch, cells], np.int16, cell)
    inside = [draw.net.tensor(f"inside{g}", [0], np.int16, Grid(np.float32(draw.log(-13, -11)))) if norm else
              draw.net.tensor(f"inside{g}", [0], np.float32) for g in range(4)]
    inside.append(draw.net.tensor("inside4", [0], draw.dtype, given))
    y = draw.output([time, batch, out] if time_major else [batch, time, out], hidden)
    draw.op("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, [y], "UnidirectionalSequenceLSTMOptions",
            fusedActivationFunction=TANH, cellClip=draw.pick(0, 0, 0.5, 10), projClip=draw.pick(0, 0, 0.25) if projection else 0,
            timeMajor=time_major)
    draw.net.ops[-1].intermediates = np.asarray(inside, np.int32)


def unidirectional_sequence_lstm(draw):
    if draw.integer:
        return integer_lstm(draw)
    batch, time, features, cells = (draw.whole(1, n) for n in (3, 6, 9, 12))
    coupled, peephole, projection, norm = (draw.chance(0.3) for _ in range(4))
    diagonal = not projection and draw.chance(0.1)
    hybrid = not diagonal and draw.chance(0.3)
    out = draw.whole(1, 8) if projection else cells
    time_major = draw.chance(0.3)
    first = 1 if coupled else 0
    gates = range(first, 4)
    x = signal(draw, [time, batch, features] if time_major else [batch, time, features])
    operands = [x, *[-1] * (23 if norm or draw.chance(0.8) else 19)]

    weights = weights_of(draw, hybrid)
    for g in gates:
        operands[1 + g] = weights([cells, features])
        operands[5 + g] = weights([cells] if diagonal else [cells, out])
        operands[12 + g] = small(draw, [cells])
        if norm:
            operands[20 + g] = small(draw, [cells], 1)
    if peephole:
        for g in range(first, 3):
            operands[9 + g] = weights([cells])
    if projection:
        operands[16] = weights([out, cells])
        if draw.chance(0.5):
            operands[17] = small(draw, [out])
    operands[18], operands[19] = state(draw, [batch, out]), state(draw, [batch, cells])
    y = draw.output([time, batch, out] if time_major else [batch, time, out])
    draw.op("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, [y], "UnidirectionalSequenceLSTMOptions",
            version=4 if diagonal else 3 if hybrid else 1, fusedActivationFunction=draw.pick(TANH, TANH, TANH, RELU, RELU6),
            cellClip=draw.pick(0, 0, 0.5, 10), projClip=draw.pick(0, 0, 0.25) if projection else 0,
            timeMajor=time_major, diagonalRecurrentTensors=diagonal, asymmetricQuantizeInputs=hybrid and draw.chance(0.7))


def rnn(draw):
    floats_only(draw)
    batch, features, units = (draw.whole(1, n) for n in (3, 9, 12))
    x = signal(draw, [batch, features])
    hybrid = draw.chance(0.4)
    weights = weights_of(draw, hybrid)
    operands = [x, weights([units, features]), weights([units, units], 0.3), small(draw, [units]), state(draw, [batch, units])]
    y = draw.output([batch, units])
    draw.op("RNN", operands, [y], "RNNOptions", version=3 if hybrid else 1,
            fusedActivationFunction=draw.pick(TANH, RELU, RELU6), asymmetricQuantizeInputs=hybrid and draw.chance(0.7))


def unidirectional_sequence_rnn(draw):
    floats_only(draw)
    batch, time, features, units = (draw.whole(1, n) for n in (3, 6, 9, 12))
    time_major = draw.chance(0.4)
    x = signal(draw, [time, batch, features] if time_major else [batch, time, features])
    hybrid = draw.chance(0.4)
    weights = weights_of(draw, hybrid)
    operands = [x, weights([units, features]), weights([units, units], 0.3), small(draw, [units]), state(draw, [batch, units])]
    y = draw.output([time, batch, units] if time_major else [batch, time, units])
    draw.op("UNIDIRECTIONAL_SEQUENCE_RNN", operands, [y], "SequenceRNNOptions", version=3 if hybrid else 1, timeMajor=time_major,
            fusedActivationFunction=draw.pick(TANH, RELU, RELU6), asymmetricQuantizeInputs=hybrid and draw.chance(0.7))


def integer_svdf(draw):
    """8 bits, as LiteRT and TFLM have it. TFLM asks for a bias."""
    batch, features, units, rank, memory = (draw.whole(1, n) for n in (3, 9, 8, 3, 10))
    grid = draw.grid()
    x = draw.input([batch, features], grid)
    of_state, of_time = Grid(draw.log(-13, -10)), Grid(draw.log(-12, -9))
    # Sums over data fill the state, and sums over time the result.
    scale = np.float32(of_state.scale * 32767 / (grid.scale * 70 * 70 * np.sqrt(features)) * draw.log(-2, 0.5))
    weights = draw.constant(draw.rng.integers(-127, 128, [units * rank, features]), Grid(scale), np.int8)
    time = draw.constant(draw.rng.integers(-511, 512, [units * rank, memory]), of_time, np.int16)
    of_bias = Grid(np.float32(of_state.scale) * np.float32(of_time.scale))
    bias = draw.constant(draw.rng.integers(-2**20, 2**20, [units]), of_bias, np.int32) if draw.chance(0.8) else -1
    keeps = whole_state(draw, [batch, units * rank * memory], np.int16, of_state)
    result = of_bias.scale * 8000 * 300 * np.sqrt(rank * memory) / 127 * draw.log(-1, 1)
    y = draw.output([batch, units], draw.grid(result, draw.whole(-128, 127)))
    draw.op("SVDF", [x, weights, time, bias, keeps], [y], "SVDFOptions", rank=rank,
            fusedActivationFunction=draw.pick(0, RELU, RELU, RELU6))


def svdf(draw):
    if draw.integer:
        if draw.width != "int8":
            raise Unfit("no runtime has this form")
        return integer_svdf(draw)
    batch, features, units, rank, memory = (draw.whole(1, n) for n in (3, 9, 8, 3, 10))
    x = signal(draw, [batch, features])
    bias = small(draw, [units]) if draw.chance(0.7) else -1
    hybrid = draw.chance(0.4)
    weights = weights_of(draw, hybrid)
    operands = [x, weights([units * rank, features]), weights([units * rank, memory]), bias,
                state(draw, [batch, units * rank * memory])]
    y = draw.output([batch, units])
    draw.op("SVDF", operands, [y], "SVDFOptions", version=4 if hybrid else 1, rank=rank,
            fusedActivationFunction=draw.pick(0, RELU, RELU6, TANH), asymmetricQuantizeInputs=hybrid and draw.chance(0.7))


CASES = {
    "RNN": rnn,
    "SVDF": svdf,
    "UNIDIRECTIONAL_SEQUENCE_RNN": unidirectional_sequence_rnn,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": unidirectional_sequence_lstm,
}
