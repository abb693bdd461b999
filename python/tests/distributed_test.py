"""Work on clusters is that of one process bit for bit; what is lost, there twice or changed is refused by name."""

import dataclasses
import os
import pathlib
import pickle
import re
import shutil
import subprocess
import sys

import cluster_data
import numpy as np
import pytest
from conftest import BUILD, DIGITS, ROOT, SCALE, cli

import narrow
from narrow.distributed import _shards

PAGE = (ROOT / "docs" / "clusters.md").read_text()
FIGURES = ("model", "bytes", "samples", "top1", "top5", "agreement", "reference_top1", "error", "median_db", "confusion")
EQUAL = {}  # (engine, work, data, order) to the numbers of shards that gave the bits of one process
ROWS = ("guess", "near", "right", "agreed", "signal", "noise", "values", "reference_right")


class OnDask:
    """Four processes, each with a nanny that starts it again where it dies."""

    name = "Dask, 4 processes"

    def __init__(self, tmp):
        distributed = pytest.importorskip("distributed")
        self.cluster = distributed.LocalCluster(n_workers=4, threads_per_worker=1, processes=True,
                                                dashboard_address=None, local_directory=str(tmp))
        self.client = distributed.Client(self.cluster)

    def calibrate(self, model, data, shards=None, **options):
        return narrow.distributed.calibrate(model, data, self.client, shards, data_scale=SCALE, **options)

    def evaluate(self, models, data, shards=None, **options):
        return narrow.distributed.evaluate(models, data, self.client, shards, data_scale=SCALE, **options)

    def close(self):
        self.client.close()
        self.cluster.close()


class OnRay:
    """Ray on this machine, with two workers."""

    name = "Ray, 2 processes"

    def __init__(self, tmp):
        ray = pytest.importorskip("ray", reason="ray is not installed: tools/check_more ray")
        paths = [str(BUILD / "python"), str(pathlib.Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)

    def calibrate(self, model, data, shards=None, **options):
        return narrow.distributed.ray.calibrate(model, data, shards, data_scale=SCALE, **options)

    def evaluate(self, models, data, shards=None, **options):
        return narrow.distributed.ray.evaluate(models, data, shards, data_scale=SCALE, **options)

    def close(self):
        import ray

        ray.shutdown()


@pytest.fixture(scope="module", params=[OnDask, OnRay])
def engine(request, tmp_path_factory):
    opened = request.param(tmp_path_factory.mktemp("cluster"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def whole(digits, train_x):
    """By kind of data: what one process gives. They are of different data, so have other fingerprints."""
    images = cluster_data.Images(train_x)
    path = str(DIGITS / "train_x.npy")
    return {kind: (data, digits.calibrate(data, data_scale=SCALE))
            for kind, data in (("array", train_x), ("path", path), ("data set", images))}


@pytest.fixture(scope="module")
def figures(digits, small, test_x, test_y):
    return narrow.evaluate([digits, small], test_x, labels=test_y, reference=digits, data_scale=SCALE)


def check_same(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        for name in FIGURES:
            assert getattr(one, name) == getattr(other, name), name
        for name in ROWS:
            np.testing.assert_array_equal(getattr(one.each, name), getattr(other.each, name))


def equal(engine, work, data, order, shards):
    EQUAL.setdefault((engine, work, data, order), []).append(shards)


# Bit for bit.


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
@pytest.mark.parametrize("kind", ["array", "path", "data set"])
def test_calibration_is_that_of_one_process(engine, digits, whole, kind, shards):
    data, expected = whole[kind]
    assert bytes(engine.calibrate(digits, data, shards)) == bytes(expected)
    equal(engine.name, "calibrate", kind, "as they end", shards)


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
@pytest.mark.parametrize("kind", ["array", "path", "data set"])
def test_evaluation_is_that_of_one_process(engine, digits, small, test_x, test_y, figures, kind, shards):
    data = {"array": test_x, "path": str(DIGITS / "test_x.npy"), "data set": cluster_data.Images(test_x)}[kind]
    labels = str(DIGITS / "test_y.npy") if kind == "path" else test_y
    check_same(engine.evaluate([digits, small], data, shards, labels=labels, reference=digits), figures)
    equal(engine.name, "evaluate", kind, "as they end", shards)


def test_more_ways_to_give_data(engine, digits, small, train_x, test_x, test_y, whole, figures, tmp_path):
    small.save(tmp_path / "small.tflite")
    expected = whole["array"][1]
    assert bytes(engine.calibrate(str(DIGITS / "float.tflite"), train_x)) == bytes(expected)
    named = digits.calibrate({"image": train_x}, data_scale=SCALE)
    assert bytes(engine.calibrate(digits, {"image": train_x}, 7)) == bytes(named)
    batches = [(test_x[k : k + 50].reshape(-1, 8, 8, 1), test_y[k : k + 50]) for k in range(0, len(test_x), 50)]
    check_same(engine.evaluate([digits, small], batches, 5, reference=digits), figures)
    np.save(tmp_path / "a.npy", train_x)
    by_path = digits.calibrate(tmp_path / "a.npy", data_scale=SCALE, samples=33, per_sample=True, minmax_only=True)
    options = {"samples": 33, "per_sample": True, "minmax_only": True}
    for shards in (7, 64):  # of which 31 are empty
        assert bytes(engine.calibrate(digits, os.path.relpath(tmp_path / "a.npy"), shards, **options)) == bytes(by_path)
    few = digits.calibrate(train_x, data_scale=SCALE, samples=33)
    for shards in (7, 64):
        assert bytes(engine.calibrate(digits, train_x, shards, samples=33)) == bytes(few)
    alone = narrow.evaluate(small, test_x, data_scale=SCALE, samples=10)
    alone = [dataclasses.replace(alone[0], model=str(tmp_path / "small.tflite"))]
    for data in (test_x, DIGITS / "test_x.npy", cluster_data.Images(test_x)):
        check_same(engine.evaluate(tmp_path / "small.tflite", data, 16, samples=10), alone)


def test_a_dask_array_is_gathered(engine, digits, train_x, whole):
    array = pytest.importorskip("dask.array")
    assert bytes(engine.calibrate(digits, array.from_array(train_x, chunks=(50, 8, 8, 1)), 7)) == bytes(whole["array"][1])


def test_a_folder_of_images(engine, digits, small, tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    random = np.random.default_rng(5)
    for k in range(20):
        folder = tmp_path / ("even" if k % 2 == 0 else "odd")
        folder.mkdir(exist_ok=True)
        pillow.fromarray(random.integers(0, 256, (16, 12), np.uint8)).save(folder / f"{k}.png")
    images = narrow.data.images(tmp_path, 8, channels="gray")
    assert bytes(engine.calibrate(digits, images, 3)) == bytes(digits.calibrate(images, data_scale=SCALE))
    expected = narrow.evaluate(small, images, labels=images.labels, reference=digits, data_scale=SCALE)
    check_same(engine.evaluate(small, images, 3, labels=images.labels, reference=digits), expected)


def test_progress(engine, digits, train_x):
    seen = []
    engine.calibrate(digits, train_x, 5, progress=lambda done, shards: seen.append((done, shards)))
    assert seen == [(k, 5) for k in range(1, 6)]


# What goes wrong.


def test_a_shard_whose_worker_dies_is_done_again(engine, digits, train_x, whole, tmp_path):
    mark = tmp_path / "killed"
    found = engine.calibrate(digits, cluster_data.Killing(train_x, mark), 7)
    assert mark.exists()
    assert bytes(found) == bytes(whole["data set"][1])


def test_a_shard_that_ends_every_worker_is_named(engine, digits, train_x):
    with pytest.raises(narrow.Error, match="shard 1 of 7 ended") as raised:
        engine.calibrate(digits, cluster_data.Killing(train_x), 7)  # sample 57 is in shard 57 mod 7
    assert raised.value.kind == "io"


def test_errors_and_exceptions_come_through_with_the_shard(engine, digits, train_x):
    with pytest.raises(RuntimeError, match="the disk is gone"):
        engine.calibrate(digits, cluster_data.Raising(train_x), 7)
    with pytest.raises(narrow.Error, match="NaN in input 'image' at sample 57") as raised:
        engine.calibrate(digits, cluster_data.Bad(train_x), 7)
    assert "shard 1 of 7" in raised.value.where and raised.value.kind == "bad_data"
    with pytest.raises(narrow.Error, match="workers read files themselves") as raised:
        engine.calibrate(digits, "/nowhere/x.npy", 2)
    assert "/nowhere/x.npy" in raised.value.where
    with pytest.raises(narrow.Error, match="more than the 200 there are"):
        engine.calibrate(digits, train_x, 3, samples=1000)


def test_a_data_set_that_changes_is_refused(engine, digits, small, train_x, tmp_path):
    with pytest.raises(narrow.Error, match=r"shard \d of 7 found \d+ samples, shard 0 of 7 found \d+"):
        engine.calibrate(digits, cluster_data.Shrinking(train_x, tmp_path / "a"), 7)
    with pytest.raises(narrow.Error, match=r"shard \d of 7 read other samples than shard 0 of 7"):
        engine.evaluate(small, cluster_data.Changing(train_x, tmp_path / "b"), 7)
    path = tmp_path / "x.npy"
    np.save(path, train_x)

    def change(done, _):
        if done == 1:
            np.save(tmp_path / "new.npy", train_x[::-1])
            os.replace(tmp_path / "new.npy", path)

    with pytest.raises(narrow.Error, match=r"shard \d+ of 64 read other samples than shard 0 of 64"):
        engine.calibrate(digits, path, 64, progress=change)


@pytest.mark.parametrize(("options", "words"), [
    ({"shards": 0}, "`shards` does not take 0"),
    ({"shards": 2.5}, "`shards` does not take 2.5"),
    ({"shard": (0, 2)}, "`shard` does not go with a cluster"),
    ({"resume": 1}, "`resume` does not go with a cluster"),
    ({"per_op": True}, "`per_op` does not go with a cluster"),
    ({"thread": 1}, "there is no option `thread`"),
    ({"threads": 0}, "`threads` does not take 0"),
    ({"on_nan": "keep"}, "`on_nan` does not take 'keep'"),
    ({"sequence": 5}, "`sequence` has nothing to set"),
], ids=str)
def test_options_that_make_no_sense(engine, digits, train_x, options, words):
    with pytest.raises(narrow.Error, match=re.escape(words)) as raised:
        engine.calibrate(digits, train_x, **options)
    assert raised.value.kind == "bad_option"


def test_what_cannot_be_sent_is_refused(engine, digits, small, train_x, test_y):
    with pytest.raises(narrow.Error, match=r"data set \(Locked\) cannot be pickled"):
        engine.calibrate(digits, cluster_data.Locked(train_x), 2)
    with pytest.raises(narrow.Error, match="`model` does not take int"):
        engine.calibrate(3, train_x)
    with pytest.raises(narrow.Error, match="there are no `models`"):
        engine.evaluate([], train_x)
    with pytest.raises(narrow.Error, match="`dataset` is missing"):
        engine.calibrate(digits, None)
    with pytest.raises(narrow.Error, match="hold no samples"):
        engine.calibrate(digits, train_x[:0])
    with pytest.raises(narrow.Error, match="100 labels for 200 samples"):
        engine.evaluate(small, train_x, labels=test_y[:100])
    with pytest.raises(narrow.Error, match="`labels` in a file"):
        engine.evaluate(small, train_x, labels=str(DIGITS / "test_y.npy"))


class Unwritable(narrow.Model):
    def __reduce__(self):
        raise narrow.Error("unsupported", "op 3 has no form in .tflite")


def test_a_model_that_cannot_be_pickled_is_named(engine, digits, train_x):
    model = Unwritable(digits._native, "odd.onnx")
    with pytest.raises(narrow.Error, match="the model 'odd.onnx' cannot be sent to workers: op 3 has no form"):
        engine.calibrate(model, train_x)


# Of Dask alone.


@pytest.fixture
def dask_cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            yield cluster, client


def test_a_client_that_is_of_no_use(dask_cluster, digits, train_x):
    cluster, client = dask_cluster
    with pytest.raises(narrow.Error, match="the cluster has no workers, for 0.2 s") as raised:
        narrow.distributed.calibrate(digits, train_x, client, wait=0.2)
    assert raised.value.kind == "io"
    client.close()
    with pytest.raises(narrow.Error, match="the client is closed"):
        narrow.distributed.calibrate(digits, train_x, client)
    with pytest.raises(narrow.Error, match="`client` does not take str"):
        narrow.distributed.calibrate(digits, train_x, "tcp://scheduler:8786")


def test_workers_that_all_go(dask_cluster, digits, train_x):
    cluster, client = dask_cluster
    cluster.scale(1)

    def leave(done, _):
        if done == 1:
            cluster.scale(0)

    with pytest.raises(narrow.Error, match="has no workers, for 1 s"):
        narrow.distributed.calibrate(digits, cluster_data.Slow(train_x), client, 40, wait=1, progress=leave)


# Of Ray alone.


def test_ray_without_a_cluster(digits, train_x):
    ray = pytest.importorskip("ray", reason="ray is not installed: tools/check_more ray")
    ray.shutdown()
    with pytest.raises(narrow.Error, match="Ray is not connected"):
        narrow.distributed.ray.calibrate(digits, train_x)
    ray.init(num_cpus=0, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        with pytest.raises(narrow.Error, match="the cluster has no workers, for 0.2 s"):
            narrow.distributed.ray.calibrate(digits, train_x, wait=0.2)
    finally:
        ray.shutdown()


# What engines share, without one.


def outcomes_of(work):
    shared = _shards.frozen(work, pickle.dumps)
    return [_shards.carry_out(shared, pickle.loads(pickle.dumps(job))) for job in work.jobs()]


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
def test_any_order(digits, small, train_x, test_x, test_y, whole, figures, shards):
    calibration = _shards.calibration(digits, train_x, shards, {"data_scale": SCALE})
    evaluation = _shards.evaluation([digits, small], test_x, test_y, digits, shards, {"data_scale": SCALE})
    parts, others = outcomes_of(calibration), outcomes_of(evaluation)
    for order in range(4):  # rising, falling, and two others
        rule = [lambda s: s, lambda s: s[::-1]][order] if order < 2 else np.random.default_rng(order).permutation
        places = rule(np.arange(shards))
        assert bytes(_shards.statistics_of(calibration, [parts[k] for k in places])) == bytes(whole["array"][1])
        check_same(_shards.evaluations_of(evaluation, [others[k] for k in places]), figures)
    for work in ("calibrate", "evaluate"):
        equal("one process", work, "array", "rising, falling, 2 random ones", shards)


def test_shards_that_are_lost_or_there_twice_are_named(digits, small, train_x):
    scale = {"data_scale": SCALE}
    for work in (_shards.calibration(digits, train_x, 7, scale), _shards.evaluation(small, train_x, None, None, 7, scale)):
        parts = outcomes_of(work)
        join = _shards.evaluations_of if work.shared.evaluates else _shards.statistics_of
        for bad, words in ((parts[:3] + parts[4:], "^shard 3 of 7 is missing$"),
                           (parts[:5], "^shard 5 of 7 is missing, and 1 other$"),
                           ([], "^shard 0 of 7 is missing, and 6 others$"),
                           ([*parts, parts[2]], "^shard 2 of 7 is there twice$"),
                           ([*parts, _shards.Outcome(7)], "^there is no shard 7 of 7$")):
            with pytest.raises(narrow.Error, match=words):
                join(work, bad)


def test_arrays_of_a_shard_are_all_that_is_sent(digits, train_x):
    work = _shards.calibration(digits, train_x, 4, {})
    sizes = [len(pickle.dumps(job)) for job in work.jobs()]
    assert max(sizes) < train_x.nbytes / 4 + 1000
    assert len(_shards.frozen(work, pickle.dumps)) < len(bytes(digits)) + 1000


# Slurm and GNU parallel: the scripts of the page.


def block(language, begins):
    """The block of that language of the page that has the words `begins`."""
    found = [b for b in re.findall(rf"```{language}\n(.*?)```", PAGE, re.S) if begins in b]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def place(tmp_path):
    """A folder with the digits network, and narrow on the PATH, which ends shard 3 the first time where there is a file
    `kill`."""
    for name in ("train_x.npy", "test_x.npy", "test_y.npy"):
        shutil.copy(DIGITS / name, tmp_path)
    shutil.copy(DIGITS / "float.tflite", tmp_path / "model.tflite")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "narrow").write_text(
        f'#!/bin/bash\n[[ "$*" == *"--shard 3/"* ]] && rm {tmp_path}/kill 2>/dev/null && kill -9 $$\n'
        f'exec {BUILD / "narrow"} "$@"\n')
    (tmp_path / "bin" / "narrow").chmod(0o755)
    arguments = ["model.tflite", "--data", "train_x.npy", "--data-scale", str(SCALE)]
    subprocess.run([BUILD / "narrow", "calibrate", *arguments, "-o", tmp_path / "whole.nstat"], cwd=tmp_path, check=True,
                   stdout=subprocess.PIPE)
    return tmp_path


def shell(place, script, *arguments, code=0, **variables):
    environment = {**os.environ, "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(["bash", "-c", script, "script", *map(str, arguments)], cwd=place, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert (done.returncode == 0) == (code == 0), done.stdout
    return done.stdout


ARGUMENTS = ("model.tflite", "--data", "train_x.npy", "--data-scale", SCALE)


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
def test_slurm(place, shards):
    script = block("bash", "#SBATCH")
    order = np.random.default_rng(shards).permutation(shards)
    if shards == 7:
        (place / "kill").touch()
    for k in order:
        killed = shards == 7 and k == 3
        variables = {"SLURM_ARRAY_TASK_ID": str(k), "SLURM_ARRAY_TASK_COUNT": str(shards), "SLURM_CPUS_PER_TASK": "1"}
        shell(place, script, *ARGUMENTS, code=int(killed), **variables)
    merge = re.search(r'--wrap="(narrow merge .*?)"', PAGE)[1].replace("64", str(shards))
    if shards == 7:
        assert "shard 3 of 7 is missing" in shell(place, merge, code=1)
        shell(place, script, *ARGUMENTS, SLURM_ARRAY_TASK_ID="3", SLURM_ARRAY_TASK_COUNT="1", SHARDS="7")
    shell(place, merge)
    assert (place / "model.nstat").read_bytes() == (place / "whole.nstat").read_bytes()
    equal("Slurm array (environment alone)", "calibrate", "path", "random", shards)


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
def test_gnu_parallel(place, shards):
    if not shutil.which("parallel"):
        pytest.skip("GNU parallel is not installed: tools/check_more ray")
    if shards == 7:
        (place / "kill").touch()
    shell(place, block("bash", "parallel --quote"), shards, *ARGUMENTS)
    assert not (place / "kill").exists()
    assert (place / "model.nstat").read_bytes() == (place / "whole.nstat").read_bytes()
    equal("GNU parallel", "calibrate", "path", "as they end", shards)


def test_evaluation_by_slurm(place, digits, small, figures):
    small.save(place / "small.tflite")
    (place / "evaluate.py").write_text(block("python", "SLURM_ARRAY_TASK_ID"))
    python = f"{sys.executable} evaluate.py"
    path = os.pathsep.join([str(BUILD / "python"), os.environ.get("PYTHONPATH", "")])
    for k in (2, 0, 1):
        shell(place, python, SLURM_ARRAY_TASK_ID=str(k), SLURM_ARRAY_TASK_COUNT="3", PYTHONPATH=path)
    said = shell(place, python + " 3", PYTHONPATH=path)
    expected = [line.split()[1:-1] for line in repr(figures).splitlines()[1:]]
    assert [line.split()[1:-1] for line in said.splitlines()[1:]] == expected


def test_merge_names_what_is_wrong(place):
    for k in range(4):
        cli("calibrate", place / "model.tflite", "--data", place / "train_x.npy", "--shard", f"{k}/4", "-o", place / f"{k}.nstat")
    for files, words in (("0 1 3", "shard 2 of 4 is missing"), ("0 1 2 3 1", "shard 1 of 4 is there twice: 1.nstat and 1.nstat")):
        names = " ".join(f"{k}.nstat" for k in files.split())
        assert words in shell(place, f"narrow merge {names} --shards 4 -o all.nstat", code=1)
    assert "sample 1 is in 1.nstat and 1.nstat" in shell(place, "narrow merge 0.nstat 1.nstat 1.nstat -o all.nstat", code=1)
    shell(place, "narrow merge 3.nstat 0.nstat 2.nstat 1.nstat --shards 4 -o all.nstat")


def test_the_table_of_the_page_is_of_these_tests():
    rows = {f"| {' | '.join(key)} | equal | equal | equal | equal |" for key, shards in EQUAL.items()
            if sorted(shards) == [1, 2, 7, 64]}
    engines = {key[0] for key in EQUAL}
    if "one process" not in engines:
        pytest.skip("only some of the tests were run")
    told = {line for line in PAGE.splitlines() if line.endswith("| equal | equal | equal | equal |")}
    assert rows == {line for line in told if line.split(" | ")[0].removeprefix("| ") in engines}
