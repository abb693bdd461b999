"""A small convolutional network in NumPy: two 3x3 convolutions with ReLU and 2x2 maximum pooling, one dense layer.

Arrays are NHWC, convolution weights OHWI, dense weights (out, in), as .tflite has them. `forward` gives logits,
`train` runs Adam with a cosine schedule on the cross entropy.
"""
import numpy as np

CHANNELS = (12, 24)


def initial(rng):
    """He-normal weights and zero biases, in the order conv1, conv2, dense."""
    shapes = [(CHANNELS[0], 3, 3, 1), (CHANNELS[1], 3, 3, CHANNELS[0]), (10, 2 * 2 * CHANNELS[1])]
    params = []
    for shape in shapes:
        fan_in = int(np.prod(shape[1:]))
        params.append((rng.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(np.float32))
        params.append(np.zeros(shape[0], np.float32))
    return params


def patches(x):
    """(n, h, w, c) -> (n, h, w, 9 * c): the 3x3 surroundings of each pixel, zero outside."""
    n, h, w, c = x.shape
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return np.concatenate([padded[:, i:i + h, j:j + w] for i in range(3) for j in range(3)], axis=3)


def unpatch(d, channels):
    """Gradient of `patches`."""
    n, h, w, _ = d.shape
    padded = np.zeros((n, h + 2, w + 2, channels), np.float32)
    for k in range(9):
        padded[:, k // 3:k // 3 + h, k % 3:k % 3 + w] += d[..., k * channels:(k + 1) * channels]
    return padded[:, 1:-1, 1:-1]


def conv_block(x, weights, bias):
    """Convolution, ReLU, pooling; also what the backward pass needs."""
    cols = patches(x)
    y = np.maximum(cols @ weights.reshape(len(bias), -1).T + bias, 0)
    n, h, w, c = y.shape
    windows = y.reshape(n, h // 2, 2, w // 2, 2, c)
    pooled = windows.max(axis=(2, 4))
    return pooled, (cols, windows, pooled)


def conv_block_gradients(d, weights, kept):
    cols, windows, pooled = kept
    hit = (windows == pooled[:, :, None, :, None]) & (windows > 0)
    share = hit / np.maximum(hit.sum(axis=(2, 4), keepdims=True), 1)
    dy = (share * d[:, :, None, :, None]).astype(np.float32).reshape(cols.shape[:3] + (-1,))
    flat = dy.reshape(-1, dy.shape[3])
    dw = (flat.T @ cols.reshape(-1, cols.shape[3])).reshape(weights.shape)
    dx = unpatch(dy @ weights.reshape(len(weights), -1), weights.shape[3])
    return dx, dw, flat.sum(axis=0)


def forward(params, x):
    w1, b1, w2, b2, w3, b3 = params
    y1, kept1 = conv_block(x, w1, b1)
    y2, kept2 = conv_block(y1, w2, b2)
    flat = y2.reshape(len(x), -1)
    return flat @ w3.T + b3, (kept1, kept2, flat)


def gradients(params, x, labels):
    """Of the mean cross entropy over the batch."""
    _, _, w2, _, w3, _ = params
    logits, (kept1, kept2, flat) = forward(params, x)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(x)), labels] -= 1
    p /= len(x)
    d2 = (p @ w3).reshape(kept2[2].shape)
    d1, dw2, db2 = conv_block_gradients(d2, w2, kept2)
    _, dw1, db1 = conv_block_gradients(d1, params[0], kept1)
    return [dw1, db1, dw2, db2, p.T @ flat, p.sum(axis=0)]


def train(params, x, labels, rng, epochs=60, batch=32, rate=3e-3):
    """Adam with a cosine schedule; images are shifted by up to one pixel for variety."""
    m = [np.zeros_like(p) for p in params]
    v = [np.zeros_like(p) for p in params]
    step, total = 0, epochs * (len(x) // batch)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for at in range(0, len(x) - batch + 1, batch):
            pick = order[at:at + batch]
            shifted = np.roll(x[pick], tuple(rng.integers(-1, 2, 2)), axis=(1, 2)) if rng.random() < 0.5 else x[pick]
            step += 1
            now = rate * 0.5 * (1 + np.cos(np.pi * step / total))
            for i, g in enumerate(gradients(params, shifted, labels[pick])):
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g * g
                update = now * (m[i] / (1 - 0.9**step)) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
                params[i] = (params[i] - update).astype(np.float32)
    return params
