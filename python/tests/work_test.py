"""Long calls: they end when they are interrupted, tell how far they are, and leave Python's other threads alone."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import DIGITS, SCALE

import narrow

MANY = 200_000  # samples: more than any call gets done before it is interrupted


@pytest.fixture(scope="module")
def many(train_x):
    return np.resize(train_x, (MANY, 8, 8, 1))


def calls(digits, small, many):
    return {
        "calibrate": lambda **o: digits.calibrate(many, **o),
        "quantize": lambda **o: digits.quantize(many, **o),
        "run": lambda **o: small.run(many, threads=1, **o),
        "evaluate": lambda **o: narrow.evaluate([digits, small], many, reference=digits, threads=1, **o),
        "fit": lambda **o: digits.fit(many, **o),
    }


@pytest.mark.parametrize("name", ["calibrate", "quantize", "run", "evaluate", "fit"])
def test_an_interrupt_ends_the_call(digits, small, many, name):
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    start = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        calls(digits, small, many)[name]()
    assert time.monotonic() - start < 30
    timer.join()


@pytest.mark.parametrize("name", ["calibrate", "run", "evaluate"])
def test_progress_is_told(digits, small, many, name):
    seen = []
    calls(digits, small, many)[name](progress=lambda done, total: seen.append((done, total)))
    assert len(seen) > 1
    assert all(a[0] <= b[0] for a, b in zip(seen, seen[1:]))
    assert seen[-1] == (MANY, MANY)


def test_what_progress_raises_comes_through(digits, many):
    def stop(done, total):
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        digits.calibrate(many, progress=stop)


def test_progress_true_shows_a_bar_or_nothing(digits, train_x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tqdm's about notebooks
        digits.calibrate(train_x, data_scale=SCALE, progress=True)


def test_other_threads_run_meanwhile(digits, many):
    counted = [0]
    stop = threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = counted[0]
    digits.calibrate(many[: MANY // 4], threads=1)
    during = counted[0] - before
    stop.set()
    thread.join()
    assert during > 20


def test_several_threads_use_one_model(digits, train_x, small):
    with ThreadPoolExecutor(8) as pool:
        models = [pool.submit(digits.quantize, train_x, data_scale=SCALE, quality="fast") for _ in range(16)]
    assert {bytes(m.result()) for m in models} == {bytes(small)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_works(digits, train_x, small):
    narrow.evaluate(digits, train_x, data_scale=SCALE)  # threads have been there
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            same = bytes(digits.quantize(train_x, data_scale=SCALE, quality="fast")) == bytes(small)
            os.write(writer, b"y" if same else b"n")
        finally:
            os._exit(0)
    os.close(writer)
    assert os.read(reader, 1) == b"y"
    os.close(reader)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize(
    "call",
    [
        "m.quantize(many)",
        "m.quantize(many, progress=lambda done, total: None)",
        "m.quantize(Slow())",
        "m.quantize(many[:100], quality='fast')",
        "interpreter.invoke()",
    ],
)
def test_the_program_ends_while_a_daemon_works(call):
    program = f"""
        import threading, time
        import numpy as np
        import narrow

        class Slow:
            def __len__(self):
                return 10_000
            def __getitem__(self, k):
                time.sleep(0.01)
                return many[k]

        m = narrow.load({str(DIGITS / "float.tflite")!r})
        many = np.resize(np.float32([0, 0.5, 1]), (100_000, 8, 8, 1))
        interpreter = narrow.Interpreter(m)

        def forever():
            while True:
                try:
                    {call}
                except narrow.Error:
                    pass

        threading.Thread(target=forever, daemon=True).start()
        time.sleep(0.2)
        """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], env=environment, capture_output=True,
                          text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
