"""Model: a network, float or integer, and what can be done with it."""

from __future__ import annotations

import operator
import os
import sys
import tempfile
import warnings
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import _native
from ._data import samples_of
from ._error import AccuracyWarning, Error, in_keywords
from ._labels import labels_of
from ._paths import path_of
from ._progress import Progress, told
from ._table import Table
from .evaluation import Evaluation, Evaluations, evaluation_of
from .facts import (
    Exported,
    Finding,
    Fit,
    ModelInfo,
    OpCoverage,
    OpSupport,
    Project,
    Quantization,
    Tensor,
    Timing,
    WeightHistogram,
    build,
)
from .reports import Report, node_data_path, page_path
from .statistics import Statistics

Path = Union[str, "os.PathLike[str]"]
Outputs = Union[np.ndarray, Dict[str, np.ndarray]]


def _given(**options: Any) -> Dict[str, Any]:
    """The options that are not None: those that the user has given."""
    return {name: value for name, value in options.items() if value is not None}


def _warn(texts: Sequence[str]) -> None:
    """Warns in the line of the user's that led here."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(f"{__package__}."):
        level, frame = level + 1, frame.f_back
    for text in texts:
        warnings.warn(in_keywords(text), AccuracyWarning, stacklevel=level)


def load(
    source: Any,
    *,
    shape: Optional[Mapping[str, Sequence[int]]] = None,
    batch: Optional[int] = None,
    keep_layout: Optional[bool] = None,
    keep_loops: Optional[bool] = None,
    inputs: Optional[Sequence[str]] = None,
    outputs: Optional[Sequence[str]] = None,
    name: str = "model",
) -> "Model":
    """Reads a model: a .tflite, .onnx, .keras, .h5 or frozen .pb file, a SavedModel folder, or the bytes of a file.

    Args:
        source: a path, bytes, or a Keras model (which is saved to a temporary file first).
        shape: sizes of the free dimensions of inputs, by name, in the order of the file.
        batch: size of the free first dimension of all inputs.
        keep_layout: inputs and outputs keep the layout of the file, such as NCHW; without it channels are last.
        keep_loops: recurrent layers stay loops or unrolled steps where the file has them so; without it each is one op.
        inputs, outputs: tensors that become the model's; what only leads to such an input, or only comes after such an
            output, is left out.
        name: stands for the file in messages, where the source is bytes.

    Raises:
        Error: io, bad_file, unsupported, limit_exceeded, bad_option.
    """
    options = _given(
        shape=_shapes(shape),
        batch=batch,
        keep_layout=keep_layout,
        keep_loops=keep_loops,
        inputs=inputs if inputs is None or isinstance(inputs, str) else _listed(inputs, "inputs"),
        outputs=outputs if outputs is None or isinstance(outputs, str) else _listed(outputs, "outputs"),
    )
    if isinstance(source, (str, os.PathLike)):
        path = path_of(source, "source")
        return Model(_native.load(path, options), os.fsencode(path).decode(errors="backslashreplace"))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return Model(_native.load_bytes(bytes(source), str(name), options), str(name))
    if hasattr(source, "save") and hasattr(source, "layers"):
        title = str(getattr(source, "name", name))
        with tempfile.TemporaryDirectory() as folder:
            path = _save_keras(source, folder)
            return Model(_native.load(path, options), title)
    raise Error("bad_option", f"a model cannot be read from {type(source).__name__}", "",
                "give a path, the bytes of a file, or a Keras model", "source")


def _shapes(shape: Any) -> Any:
    """Lists by name, where it is sizes by name; anything else as it is, to be refused further on."""
    right = isinstance(shape, Mapping) and all(isinstance(v, Iterable) for v in shape.values())
    return {k: list(v) for k, v in shape.items()} if right else shape


def _listed(values: Any, field: str) -> List[Any]:
    """Several values as a list. Raises Error where there is only one, or none."""
    try:
        return list(values)
    except TypeError:
        raise Error("bad_option", f"`{field}` does not take {values!r}", "", "give a list", field) from None


def _whole(value: Any, field: str, least: int = -(2**31)) -> int:
    """A whole number of at least `least` that 32 bits hold. Raises Error: bad_option."""
    try:
        out = operator.index(value)
    except TypeError:
        out = 2**31
    if isinstance(value, bool) or not least <= out < 2**31:
        at_least = f" of at least {least}" if least > 0 else ""
        raise Error("bad_option", f"`{field}` does not take {value!r}", "", f"it takes a whole number{at_least}", field)
    return out


def _save_keras(model: Any, folder: str) -> str:
    """Keras 3 and newer Keras 2 write .keras; older ones .h5."""
    for ending in ("keras", "h5"):
        path = os.path.join(folder, "model." + ending)
        try:
            model.save(path)
            return path
        except (ValueError, NotImplementedError):
            continue
    raise Error("unsupported", "the Keras model cannot be saved as .keras or .h5", "", "save it, and load the file", "")


class Model:
    """A network. Never changes once made, and may be used by several threads; pickles as a .tflite file.

    Attributes:
        name: the file it came from, or what stands for one.
        quantization: how `quantize` made it; None for a model that was read.
    """

    __slots__ = ("_native", "name", "quantization", "_info", "_made", "_source")

    def __init__(self, native: "_native.Model", name: str, quantization: Optional[Quantization] = None) -> None:
        self._native = native
        self.name = name
        self.quantization = quantization
        self._info: Optional[ModelInfo] = None
        self._made: Optional["_native.Quantization"] = None  # for reports, likewise the float model; not pickled
        self._source: Optional["Model"] = None

    # What is in it.

    def inspect(self, signature: str = "") -> ModelInfo:
        """Graphs, ops, tensors, parameters, multiply-accumulates. Raises Error where there is no such signature."""
        if signature:
            if not isinstance(signature, str):
                raise Error("bad_option", f"`signature` does not take {signature!r}", "", "it takes text", "signature")
            return build(ModelInfo, _native.inspect(self._native, signature))
        if self._info is None:
            self._info = build(ModelInfo, _native.inspect(self._native, ""))
        return self._info

    def _ends(self, signature: Optional[str], outputs: bool) -> List[Tensor]:
        info = self.inspect(signature or "")
        graph = info.graphs[info.entry]
        return [graph.tensors[t] for t in (graph.outputs if outputs else graph.inputs)]

    @property
    def inputs(self) -> List[Tensor]:
        """The inputs of the first graph."""
        return self._ends(None, False)

    @property
    def outputs(self) -> List[Tensor]:
        """The outputs of the first graph."""
        return self._ends(None, True)

    @property
    def size(self) -> int:
        """The bytes of the file it was read from; of a quantized model, those of the .tflite file."""
        return len(bytes(self)) if self.quantization else self.inspect().bytes

    @property
    def notes(self) -> List[str]:
        """What reading changed or left out, and what narrow does to the form in which values are stored."""
        return _native.stored_forms(self._native)

    def weights(self) -> List[WeightHistogram]:
        """The distribution of each parameter's values, and channels that reach far beyond the others."""
        return [build(WeightHistogram, facts) for facts in _native.weight_histograms(self._native)]

    def verify(self, runtime: str) -> List[Finding]:
        """What keeps the model from running on "tflm", "litert", "cmsis-nn", "edgetpu" or "narrow"; nothing where it
        runs."""
        return [build(Finding, facts) for facts in _native.verify(self._native, {"runtime": runtime})]

    # Files.

    def __bytes__(self) -> bytes:
        return _native.to_bytes(self._native)

    def save(self, path: Path) -> int:
        """Writes a .tflite file, whole or not at all; its size in bytes. Raises Error: io, unsupported."""
        return _native.save(self._native, path_of(path))

    def convert(self, *, state: Optional[Mapping[str, str]] = None) -> "Model":
        """The same model with fewer ops: constants computed, batch normalization folded, activations fused.

        Args:
            state: inputs that are given what outputs were in the run before, `{"h": "h_new"}`: the model keeps them
                itself, and begins with zeros.
        """
        if state is None:
            return Model(_native.convert(self._native), self.name, self.quantization)
        if not isinstance(state, Mapping) or not all(isinstance(n, str) for pair in state.items() for n in pair):
            raise Error("bad_option", f"`state` does not take {state!r}", "", "give outputs by input, by name", "state")
        return Model(_native.convert_to_stateful(self._native, list(state.items())), self.name, self.quantization)

    def stream(self, axis: int = 1, frames: Optional[int] = None) -> Tuple["Model", Timing]:
        """A network that takes the frames of this one's window one by one, with the same outputs, and when.

        Args:
            axis: of the input, along which frames follow each other in time.
            frames: that a run takes; without it as few as the strides allow.

        Raises:
            Error: unsupported (ops that need all frames at once, by name), bad_option.
        """
        native, facts = _native.convert_to_stream(
            self._native, _whole(axis, "axis"), 0 if frames is None else _whole(frames, "frames", 1)
        )
        return Model(native, self.name, self.quantization), build(Timing, facts)

    def export(
        self,
        folder: Path,
        *,
        format: Optional[str] = None,
        layout: Optional[str] = None,
        style: Optional[str] = None,
        packed: Optional[bool] = None,
        name: Optional[str] = None,
    ) -> Exported:
        """Writes every constant into a folder: as "npy", "csv", or a C "header". Options as of `narrow export`."""
        options = _given(format=format, layout=layout, style=style, packed=packed, name=name)
        return build(Exported, _native.export_constants(self._native, path_of(folder, "folder"), options))

    def compile(
        self,
        folder: Path,
        *,
        golden: Any = None,
        name: Optional[str] = None,
        target: Optional[str] = None,
        optimize: Optional[str] = None,
        flash: Union[None, int, str] = None,
        ram: Union[None, int, str] = None,
        cc: Optional[str] = None,
        place: Optional[Mapping[str, Any]] = None,
        package: Union[None, str, Sequence[str]] = None,
        certificate: Optional[Path] = None,
        headers_only: Optional[bool] = None,
        layout: Optional[str] = None,
        style: Optional[str] = None,
        packed: Optional[bool] = None,
        signature: Optional[str] = None,
        data_scale: Optional[float] = None,
        data_offset: Optional[float] = None,
        data_is_quantized: Optional[bool] = None,
        samples: Optional[int] = None,
        sequence: Optional[int] = None,
        progress: Progress = None,
    ) -> Project:
        """Writes a C99 project that runs the model, which has to be integer: `model.quantize(x).compile("kws/")`.

        Args:
            folder: made if it is not there; where it is, other files in it stay.
            golden: samples of the self-test; one from a fixed seed where not given.
            name: what names in C begin with; made from the model's where not given.
            target: "portable", "cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55",
                "riscv32" or "c28x".
            optimize: "speed", "size" or "ram".
            flash, ram: bytes that it may take, as 65536 or "64k". Where it takes more, nothing is written, and
                `over_budget` of the result says what would fit.
            place: memory that constants may be put into, as {"DTCM": "16k"} or {"DTCM": ("16k", "conv_.*")}.
            package: "arduino", "platformio", "zephyr", "esp-idf", "cmsis-pack", or several.

        The other options are those of `narrow compile`.

        Raises:
            Error: bad_option, unsupported (an op that has no form in integer C: it is named), io.
        """
        source = samples_of(golden, self._ends(signature, False)).source
        options = _given(
            name=name, target=target, optimize=optimize, flash=flash, ram=ram, cc=cc, place=place, package=package,
            certificate=None if certificate is None else path_of(certificate, "certificate"), headers_only=headers_only,
            layout=layout, style=style, packed=packed, signature=signature, data_scale=data_scale,
            data_offset=data_offset, data_is_quantized=data_is_quantized, samples=samples, sequence=sequence,
        )  # fmt: skip
        with told(progress, "compiling") as callback:
            facts = _native.compile(self._native, path_of(folder, "folder"), source, options, callback)
        project = build(Project, facts)
        _warn(project.warnings)
        return project

    # Samples.

    def quantize(
        self,
        data: Any = None,
        *,
        scheme: Optional[str] = None,
        statistics: Union[None, Statistics, Path, Sequence[Any]] = None,
        samples: Optional[int] = None,
        labels: Any = None,
        io: Optional[str] = None,
        weights: Optional[int] = None,
        activations: Union[None, int, str] = None,
        bias: Union[None, int, str] = None,
        accumulator: Optional[int] = None,
        rounding: Optional[str] = None,
        scales: Optional[str] = None,
        granularity: Optional[str] = None,
        range: Optional[str] = None,
        act_max: Optional[Mapping[str, float]] = None,
        headroom: Optional[float] = None,
        quality: Optional[str] = None,
        candidates: Optional[int] = None,
        weight_rounding: Optional[str] = None,
        allow_float: Optional[bool] = None,
        keep_float: Union[None, str, Sequence[str]] = None,
        recipe: Optional[Path] = None,
        explain: Optional[str] = None,
        on_nan: Optional[str] = None,
        signature: Optional[str] = None,
        data_scale: Optional[float] = None,
        data_offset: Optional[float] = None,
        data_is_quantized: Optional[bool] = None,
        sequence: Optional[int] = None,
        threads: Optional[int] = None,
        progress: Progress = None,
    ) -> "Model":
        """A quantized model. Options are those of `narrow quantize`, with underscores.

        Args:
            data: representative samples, in any of the forms that the documentation of `narrow` lists. Integer schemes
                need these, or `statistics`.
            scheme: "int8" (default), "int16x8", "int16", "q7", "q15", "dynamic" or "float16".
            statistics: what `calibrate` gave; several where the model has several signatures.
            labels: right answers, by which range="search" chooses.
            io: type of inputs and outputs: "float32", "int8", "uint8" or "int16".
            quality: "best" (the default with samples) or "fast".
            recipe: a file of rules by name, op and role.
            progress: True for a bar (where tqdm is installed), or a function that gets samples done and their number.

        Returns:
            The model; its `quantization` says what became of each op. What is lost is told as AccuracyWarning.

        Raises:
            Error: bad_option (`field` names the option), bad_data, unsupported (names each op without an integer form).
        """
        ends = self._ends(signature, False)
        given = samples_of(data, ends)
        answers = labels_of(labels)
        alone = isinstance(statistics, (Statistics, str, os.PathLike))
        stored = [statistics] if alone else _listed(() if statistics is None else statistics, "statistics")
        natives = [s._native if isinstance(s, Statistics) else path_of(s, "statistics") for s in stored]
        options = _given(
            scheme=scheme, samples=samples, io=io, weights=weights, activations=activations, bias=bias,
            accumulator=accumulator, rounding=rounding, scales=scales, granularity=granularity, range=range,
            act_max=dict(act_max) if isinstance(act_max, Mapping) else act_max, headroom=headroom, quality=quality,
            candidates=candidates, weight_rounding=weight_rounding, allow_float=allow_float, keep_float=keep_float,
            recipe=None if recipe is None else path_of(recipe, "recipe"), explain=explain, on_nan=on_nan, signature=signature,
            data_scale=data_scale, data_offset=data_offset, data_is_quantized=data_is_quantized, sequence=sequence,
            threads=threads,
        )  # fmt: skip
        with told(progress, "quantizing") as callback:
            native, facts, made = _native.quantize(self._native, given.source, answers, natives, options, callback)
        done = build(Quantization, facts)
        _warn(done.warnings)
        model = Model(native, f"{_stem(self.name)}_{done.scheme}", done)
        model._made, model._source = made, self
        return model

    def calibrate(
        self,
        data: Any,
        *,
        shard: Optional[Tuple[int, int]] = None,
        samples: Optional[int] = None,
        minmax_only: Optional[bool] = None,
        per_sample: Optional[bool] = None,
        on_nan: Optional[str] = None,
        resume: Optional[Statistics] = None,
        signature: Optional[str] = None,
        data_scale: Optional[float] = None,
        data_offset: Optional[float] = None,
        data_is_quantized: Optional[bool] = None,
        sequence: Optional[int] = None,
        threads: Optional[int] = None,
        progress: Progress = None,
    ) -> Statistics:
        """Statistics of every float tensor over samples.

        Args:
            shard: (i, n) runs only samples k with k % n == i; parts that run all i join by `+` or `narrow.merge`.
            resume: statistics of the same data: samples seen there are not run again.
            minmax_only: no histograms: faster, but serves range="minmax" only.
            per_sample: keeps each sample's range too, which range="moving-average" needs.

        Raises:
            Error: bad_option, bad_data (a value that is not finite: names the tensor and the sample), unsupported.
        """
        if not isinstance(resume, (Statistics, type(None))):
            raise Error("bad_option", f"`resume` is {type(resume).__name__}, not Statistics", "", "", "resume")
        given = samples_of(data, self._ends(signature, False))
        options = _given(
            samples=samples, minmax_only=minmax_only, per_sample=per_sample, on_nan=on_nan, signature=signature,
            resume=None if resume is None else resume._native, data_scale=data_scale, data_offset=data_offset,
            data_is_quantized=data_is_quantized, sequence=sequence, threads=threads,
        )  # fmt: skip
        if shard is not None:
            part, parts = _shard(shard)
            options.update(shard=part, shards=parts)
        with told(progress, "calibrating") as callback:
            return Statistics(_native.calibrate(self._native, given.source, options, callback))

    def run(self, data: Any, **options: Any) -> Outputs:
        """Outputs as real values, [samples, ...]: float32 instead of integers that have scales.

        An array where the model has one output, else a dictionary by name, whose repeated names are numbered. Options
        as of `run_int`.
        """
        return self._run(data, dequantize=True, **options)

    def run_int(self, data: Any, **options: Any) -> Outputs:
        """Outputs as they are stored: integers of an integer model.

        Keyword Args:
            profile: whose rounding to use: "narrow" (default), "tflm", "litert" or "xnnpack".
            per_op: a folder that gets a .npy of every tensor that is computed.
            samples, signature, data_scale, data_offset, data_is_quantized, sequence, threads, progress: as of `quantize`.
        """
        return self._run(data, dequantize=None, **options)

    def _run(
        self,
        data: Any,
        *,
        dequantize: Optional[bool],
        profile: Optional[str] = None,
        per_op: Optional[Path] = None,
        samples: Optional[int] = None,
        signature: Optional[str] = None,
        data_scale: Optional[float] = None,
        data_offset: Optional[float] = None,
        data_is_quantized: Optional[bool] = None,
        sequence: Optional[int] = None,
        threads: Optional[int] = None,
        progress: Progress = None,
    ) -> Outputs:
        given = samples_of(data, self._ends(signature, False))
        options = _given(
            profile=profile, per_op=None if per_op is None else path_of(per_op, "per_op"), samples=samples,
            signature=signature, data_scale=data_scale, data_offset=data_offset, data_is_quantized=data_is_quantized,
            sequence=sequence, threads=threads, dequantize=dequantize,
        )  # fmt: skip
        with told(progress, "running") as callback:
            count, outputs, odd = _native.run(self._native, given.source, options, callback)
        _warn(odd)
        arrays: Dict[str, np.ndarray] = {}
        for name, values, dtype, shape in outputs:
            key, again = name, 1
            while key in arrays:
                again += 1
                key = f"{name}_{again}"
            arrays[key] = values.view(dtype).reshape((count, *shape))
        return next(iter(arrays.values())) if len(arrays) == 1 else arrays

    def evaluate(self, data: Any, **options: Any) -> Evaluation:
        """How good this model is; see `narrow.evaluate`."""
        return evaluate([self], data, **options)[0]

    def fit(
        self,
        data: Any,
        *,
        labels: Any = None,
        test: Any = None,
        max_drop: Union[None, float, str] = None,
        flash: Union[None, int, str] = None,
        ram: Union[None, int, str] = None,
        macs: Optional[int] = None,
        io: Optional[str] = None,
        samples: Optional[int] = None,
        signature: Optional[str] = None,
        data_scale: Optional[float] = None,
        data_offset: Optional[float] = None,
        data_is_quantized: Optional[bool] = None,
        threads: Optional[int] = None,
        progress: Progress = None,
    ) -> Fit:
        """Widths layer by layer that keep accuracy within a budget; `recipe` of the result is a file's text.

        Args:
            labels: right answers, of `test` where that is given, else of `data`.
            test: other samples, on which drops are measured; one in two of `data` is held back where not given.
            max_drop: "1%" of top-1 below the float model, or "3dB" below 8 bits everywhere; a number alone is points
                with labels, else decibels.
            flash, ram, macs: what the project in C may take.
        """
        ends = self._ends(signature, False)
        given, apart = samples_of(data, ends), samples_of(test, ends)
        answers = (given if test is None else apart).answers(labels)
        options = _given(
            max_drop=max_drop, flash=flash, ram=ram, macs=macs, io=io, samples=samples, signature=signature,
            data_scale=data_scale, data_offset=data_offset, data_is_quantized=data_is_quantized, threads=threads,
        )  # fmt: skip
        with told(progress, "fitting") as callback:
            facts = _native.fit(self._native, given.source, apart.source, answers, options, callback)
        fitted = build(Fit, facts)
        _warn(fitted.warnings)
        return fitted

    def report(self, path: Optional[Path] = None, data: Any = None, **options: Any) -> Report:
        """What became of this model: error, ranges, memory and costs by layer, on one page; see `narrow.report`.

        Args:
            path: where the page goes (.html), or its numbers (.json); it is only returned where not given.
            data: samples; without any, nothing is measured.
        """
        return report([self], path, data, **options)

    # How it is shown and stored.

    def _table(self) -> Table:
        info = self.inspect()
        graph = info.graphs[info.entry]

        def result(op: Any) -> str:
            return " ".join(f"{graph.tensors[t].dtype} {graph.tensors[t].run_shape}" for t in op.outputs[:1])

        rows = [[op.op, result(op), f"{op.macs:,}" if op.macs else "", op.name] for op in graph.ops]
        return Table(["op", "result", ">MACs", "name"], rows)

    def __repr__(self) -> str:
        def ends(tensors: Sequence[Tensor]) -> str:
            return ", ".join(f"{t.name} {t.dtype} {t.shape}" for t in tensors)

        info = self.inspect()
        ops = sum(len(g.ops) for g in info.graphs)
        return (
            f"<narrow.Model '{self.name}': {ops} ops, {info.parameters:,} parameters, {info.macs:,} MACs; "
            f"{ends(self.inputs)} -> {ends(self.outputs)}>"
        )

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(repr(self)[1:-1])}</p>\n{self._table().markup()}"

    def __reduce__(self) -> Tuple[object, Tuple[Any, ...]]:
        return (_restored, (bytes(self), self.name, self.quantization))


def _restored(data: bytes, name: str, quantization: Optional[Quantization]) -> Model:
    return Model(_native.load_bytes(data, name, {}), name, quantization)


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]


def _shard(shard: Tuple[int, int]) -> Tuple[int, int]:
    try:
        part, parts = (operator.index(n) for n in shard)
    except (TypeError, ValueError):
        raise Error("bad_option", f"`shard` does not take {shard!r}", "", "give (i, n) with 0 <= i < n", "shard") from None
    return part, parts


def _reference(reference: Union[None, Model, Path]) -> Optional[Model]:
    return reference if reference is None or isinstance(reference, Model) else load(reference)


def evaluate(
    models: Union[Model, Path, Sequence[Union[Model, Path]]],
    data: Any,
    *,
    labels: Any = None,
    reference: Union[None, Model, Path] = None,
    profile: Optional[str] = None,
    per_op: Optional[bool] = None,
    shard: Optional[Tuple[int, int]] = None,
    samples: Optional[int] = None,
    signature: Optional[str] = None,
    data_scale: Optional[float] = None,
    data_offset: Optional[float] = None,
    data_is_quantized: Optional[bool] = None,
    sequence: Optional[int] = None,
    threads: Optional[int] = None,
    progress: Progress = None,
) -> Evaluations:
    """How good models are on the same samples; a list that shows itself as a table.

    Args:
        models: models, or paths of them. Samples are converted to each model's own inputs.
        labels: right answers, for top-1 accuracy: whole numbers [samples], one-hot rows, or a path.
        reference: a float model, for agreement and error.
        profile: whose rounding to use: "narrow" (default), "tflm", "litert" or "xnnpack".
        per_op: the error of every tensor that the reference has under the same name.
        shard: (i, n) runs only samples from size * i // n up to size * (i + 1) // n; all n parts of a model, in order, join
            by `narrow.evaluation.joined`. Labels are of the whole data set.

    Raises:
        Error: bad_option, bad_data (labels or outputs that do not fit), unsupported.
    """
    alone = isinstance(models, (Model, str, os.PathLike))
    several: Sequence[Any] = [models] if alone else _listed(models, "models")
    subjects = [m if isinstance(m, Model) else load(m) for m in several]
    float_model = _reference(reference)
    if not subjects:
        raise Error("bad_option", "there are no `models` to evaluate", "", "", "models")
    given = samples_of(data, subjects[0]._ends(signature, False))
    answers = given.answers(labels)
    options = _given(
        profile=profile, per_op=per_op, samples=samples, signature=signature, data_scale=data_scale,
        data_offset=data_offset, data_is_quantized=data_is_quantized, sequence=sequence, threads=threads,
    )  # fmt: skip
    if shard is not None:
        part, parts = _shard(shard)
        options.update(shard=part, shards=parts)
    natives = [m._native for m in subjects]
    with told(progress, "evaluating") as callback:
        all_facts = _native.evaluate(
            natives, given.source, answers, None if float_model is None else float_model._native, options, callback
        )
    out = Evaluations(evaluation_of(m.name, m.size, facts) for m, facts in zip(subjects, all_facts))
    for one in out:
        _warn(one.warnings)
    return out


def report(
    models: Union[Model, Sequence[Model]],
    path: Optional[Path] = None,
    data: Any = None,
    *,
    labels: Any = None,
    reference: Union[None, Model, Path] = None,
    node_data: Optional[Path] = None,
    measure: Optional[int] = None,
    try_schemes: Optional[bool] = None,
    flash: Union[None, int, str] = None,
    ram: Union[None, int, str] = None,
    max_drop: Union[None, float, str] = None,
    samples: Optional[int] = None,
    signature: Optional[str] = None,
    data_scale: Optional[float] = None,
    data_offset: Optional[float] = None,
    data_is_quantized: Optional[bool] = None,
    sequence: Optional[int] = None,
    threads: Optional[int] = None,
    progress: Progress = None,
) -> Report:
    """A page of one model layer by layer, compared with the others that are given.

    Args:
        models: the first integer one is told of in detail.
        path: where the page goes (.html), or its numbers (.json).
        data: samples, of which `measure` (32) are run; without any, nothing is measured.
        reference: the float model; that which the detailed one was quantized from, where this process did so.
        node_data: a .json file for Model Explorer, with the error by op; other figures go to files beside it.
        try_schemes: compares with some other schemes too, made in the quickest way.
        flash, ram: bytes that the C project may take, and
        max_drop: points of top-1 ("1%") or the least SQNR ("30dB"): the report says whether these are kept.

    Raises:
        Error: bad_option, io, and those of the data and of running the models.
    """
    several = [models] if isinstance(models, Model) else _listed(models, "models")
    if not several:
        raise Error("bad_option", "there are no `models` to report", "", "", "models")
    if not all(isinstance(m, Model) for m in several):
        raise Error("bad_option", "`models` of a report are a Model, or a list of these", "", "`narrow.load` reads them",
                    "models")
    page_at = None if path is None else page_path(path)  # refused before anything is measured
    nodes_at = None if node_data is None else node_data_path(node_data)
    detail = next((k for k, m in enumerate(several) if m.quantization or any(t.scales for t in m.outputs)), 0)
    told_of = several[detail]
    float_model = _reference(reference)
    given = samples_of(data, told_of._ends(signature, False))
    answers = given.answers(labels)
    options = _given(
        measure=measure, try_schemes=try_schemes, flash=flash, ram=ram, max_drop=max_drop, samples=samples,
        signature=signature, data_scale=data_scale, data_offset=data_offset, data_is_quantized=data_is_quantized,
        sequence=sequence, threads=threads,
    )  # fmt: skip
    source = float_model or told_of._source
    with told(progress, "reporting") as callback:
        page, numbers, nodes = _native.report(
            [(os.path.basename(m.name), m._native, m._made) for m in several], detail,
            None if float_model is None else float_model._native, None if source is None else source._native,
            given.source, answers, in_keywords, options, callback,
        )  # fmt: skip
    out = Report(page, numbers, dict(nodes))
    if page_at is not None:
        out.save(page_at)
    if nodes_at is not None:
        out.save_node_data(nodes_at)
    return out


def coverage(path: Path) -> List[OpCoverage]:
    """What ops a file of any format holds, and which of them narrow cannot read; also of a file that `load` refuses."""
    return [build(OpCoverage, facts) for facts in _native.coverage(path_of(path))]


def supported_ops() -> List[OpSupport]:
    """All ops that narrow knows, with the runtimes that run them at each width."""
    return [build(OpSupport, facts) for facts in _native.supported_ops()]


def set_limits(**limits: int) -> None:
    """What a file may ask for at most, for the whole process: `set_limits(file_bytes=1 << 30)`. See docs/limits.md."""
    _native.set_limits({name.replace("_", "-"): value for name, value in limits.items()})
