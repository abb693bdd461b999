"""What narrow tells of models and of what it did, as plain values.

Every class here is a frozen dataclass whose fields are those of the JSON that the command line prints and of the structs
in include/narrow/. All of them compare and pickle.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Tuple, Type, TypeVar

T = TypeVar("T")


def build(cls: Type[T], facts: Mapping[str, Any]) -> T:
    """A dataclass of a dictionary with its fields; fields that hold others say so in their metadata."""
    values: Dict[str, Any] = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        value = facts[field.name]
        inner = field.metadata.get("of")
        if inner is not None and value is not None:
            value = [build(inner, one) for one in value] if isinstance(value, list) else build(inner, value)
        values[field.name] = value
    return cls(**values)


def of(cls: type) -> Any:
    """A field that holds one or several of another class."""
    return dataclasses.field(metadata={"of": cls})


@dataclasses.dataclass(frozen=True)
class Tensor:
    """A tensor of a model. Its real values are (q - zero_point) * scale."""

    name: str
    dtype: str  #: NumPy's name of the type where it has one
    shape: List[int]  #: as in the file, -1 where free
    run_shape: List[int]  #: with free dimensions as large as narrow takes them without samples
    scales: List[float]  #: empty for floats
    zero_points: List[int]  #: as many as scales, or none where all are 0
    axis: int  #: along which there are several scales
    constant: bool
    parameter: bool  #: a constant that training made
    bytes: int  #: of a constant's values


@dataclasses.dataclass(frozen=True)
class Attribute:
    """What an op says beside its operands."""

    name: str
    value: Any
    by_default: bool


@dataclasses.dataclass(frozen=True)
class Op:
    """An op of a model; inputs and outputs are indices of tensors, -1 where left out."""

    name: str
    op: str
    inputs: List[int]
    outputs: List[int]
    macs: int
    attributes: List[Attribute] = of(Attribute)


@dataclasses.dataclass(frozen=True)
class Graph:
    """A graph of a model, its ops in an order of execution."""

    name: str
    inputs: List[int]
    outputs: List[int]
    ops: List[Op] = of(Op)
    tensors: List[Tensor] = of(Tensor)


@dataclasses.dataclass(frozen=True)
class ModelInfo:
    """What is in a model."""

    source: str
    description: str
    bytes: int
    macs: int
    parameters: int
    entry: int  #: the graph of the signature asked for
    graphs: List[Graph] = of(Graph)
    signatures: List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class OutlierChannel:
    """A channel of weights that reaches far beyond the others of its layer."""

    channel: int
    largest: float
    times: float  #: `largest` as a multiple of the median channel's


@dataclasses.dataclass(frozen=True)
class WeightHistogram:
    """The distribution of the real values of one constant, in 24 equal parts of [lo, hi]."""

    name: str
    dtype: str
    elements: int
    lo: float
    hi: float
    mean: float
    deviation: float
    zeros: int
    not_finite: int
    counts: List[int]
    outlier_channels: List[OutlierChannel] = of(OutlierChannel)


@dataclasses.dataclass(frozen=True)
class UnsupportedOp:
    """An op that narrow cannot read or compute, and why."""

    name: str
    reason: str


@dataclasses.dataclass(frozen=True)
class OpCoverage:
    """The ops of one type in a file."""

    op: str
    count: int
    unsupported: List[UnsupportedOp] = of(UnsupportedOp)


@dataclasses.dataclass(frozen=True)
class TensorStatistics:
    """What was seen of one tensor. The last five are None or empty where there are no histograms."""

    graph: int
    tensor: int
    name: str
    values: int  #: finite ones
    not_finite: int
    min: float
    max: float
    mean: Optional[float]
    deviation: Optional[float]
    outliers: Optional[int]  #: values farther from the mean than six standard deviations
    most: Optional[Tuple[float, float]]  #: from where to where 99.99 % of the values are
    counts: List[int]  #: of 32 equal parts from `min` to `max`


@dataclasses.dataclass(frozen=True)
class OpReport:
    """What became of one op."""

    name: str
    op: str
    quantized: bool
    reason: str
    graph: int
    form: str  #: "int8", "int16x8", "q7", "float"; may be empty


@dataclasses.dataclass(frozen=True)
class Operand:
    """Why an operand or result of an explained op is what it is."""

    role: str
    name: str
    dtype: str
    scales: int
    scale_min: float
    scale_max: float
    zero_point: int
    range: Optional[Tuple[float, float]]
    method: str
    origin: str


@dataclasses.dataclass(frozen=True)
class Explanation:
    """Everything about one op."""

    op: OpReport = of(OpReport)
    index: int = 0
    operands: List[Operand] = dataclasses.field(default_factory=list, metadata={"of": Operand})
    kernel: str = ""


@dataclasses.dataclass(frozen=True)
class RangeTrial:
    """How well outputs are kept where activations are rounded to a range."""

    range: float
    accuracy: Optional[float]
    agreement: float
    error: float


@dataclasses.dataclass(frozen=True)
class SearchedRange:
    """What was tried for tensors that share quantization parameters."""

    tensor: str
    op: str
    together: List[str]
    candidates: List[RangeTrial] = of(RangeTrial)
    found: float = 0
    chosen: float = 0


@dataclasses.dataclass(frozen=True)
class Search:
    """What a search for ranges has found."""

    ranges: List[SearchedRange] = of(SearchedRange)
    samples: int = 0
    accuracy: Optional[float] = None
    found: Optional[RangeTrial] = dataclasses.field(default=None, metadata={"of": RangeTrial})
    widest: Optional[RangeTrial] = dataclasses.field(default=None, metadata={"of": RangeTrial})
    kept_widest: bool = False
    worse_in: str = ""


@dataclasses.dataclass(frozen=True)
class QualityTrial:
    """One chain of steps that quality="best" tried."""

    chain: str
    sqnr_db: float
    logits_db: float
    typical_db: float
    seconds: float


@dataclasses.dataclass(frozen=True)
class OutputSteps:
    """How much of the error the steps of 8-bit outputs make up."""

    own_db: float
    gain_db: Optional[float]


@dataclasses.dataclass(frozen=True)
class QualityReport:
    """What quality="best" has tried; `chosen` is the index of a trial."""

    trials: List[QualityTrial] = of(QualityTrial)
    chosen: int = 0
    held_back: int = 0
    output_steps: Optional[OutputSteps] = dataclasses.field(default=None, metadata={"of": OutputSteps})


@dataclasses.dataclass(frozen=True)
class ScaledChannels:
    """Channels that layers make larger, and the layers that read them smaller."""

    tensors: List[str]
    writers: List[str]
    readers: List[str]
    channels: int
    least: float
    most: float


@dataclasses.dataclass(frozen=True)
class Quantization:
    """How a model was quantized."""

    scheme: str
    ops: List[OpReport] = of(OpReport)
    explanations: List[Explanation] = of(Explanation)
    search: Optional[Search] = of(Search)
    quality: Optional[QualityReport] = of(QualityReport)
    scaled: List[ScaledChannels] = of(ScaledChannels)
    warnings: List[str] = dataclasses.field(default_factory=list)
    notes: List[str] = dataclasses.field(default_factory=list)
    samples: int = 0


@dataclasses.dataclass(frozen=True)
class CompiledStep:
    """What became of one op of a C project; costs are of one inference, modelled."""

    name: str
    op: str
    kernel: str
    macs: int
    reason: str
    instructions: int
    cycles: Dict[str, int]  #: by core


@dataclasses.dataclass(frozen=True)
class PlannedBuffer:
    """A value in the arena; `first` and `last` are indices of ops, -1 for inputs."""

    tensor: str
    offset: int
    bytes: int
    first: int
    last: int
    graph: int


@dataclasses.dataclass(frozen=True)
class MeasuredSource:
    """What a compiler made of one source file."""

    source: str
    bytes: int


@dataclasses.dataclass(frozen=True)
class PlacedPool:
    """What has become of a pool of memory."""

    name: str
    bytes: int
    limit: int
    constants: List[str]


@dataclasses.dataclass(frozen=True)
class CertifiedBounds:
    """What a certificate says in short."""

    calls: int
    channels: int
    spare_bits: int


@dataclasses.dataclass(frozen=True)
class Project:
    """A C project that was written, or, where `over_budget` is not empty, was not."""

    files: List[str]
    name: str
    constants: int
    weight_bytes: int
    macs: int
    arena_bytes: Optional[int]
    flash_bytes: Optional[int]
    code_bytes: Optional[int]
    stack_bytes: Optional[int]
    measured_by: str
    code: List[MeasuredSource] = of(MeasuredSource)
    state_bytes: int = 0
    steps: List[CompiledStep] = dataclasses.field(default_factory=list, metadata={"of": CompiledStep})
    plan: List[PlannedBuffer] = dataclasses.field(default_factory=list, metadata={"of": PlannedBuffer})
    pools: List[PlacedPool] = dataclasses.field(default_factory=list, metadata={"of": PlacedPool})
    golden_samples: int = 0
    certified: Optional[CertifiedBounds] = dataclasses.field(default=None, metadata={"of": CertifiedBounds})
    warnings: List[str] = dataclasses.field(default_factory=list)
    notes: List[str] = dataclasses.field(default_factory=list)
    over_budget: List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Timing:
    """Which frames a network that takes them a few at a time has seen. Runs and frames are counted from 0."""

    frames: int  # that a run takes
    window: int  # that the given network takes
    first_run: int  # the first whose outputs are those of the given network
    offset: int
    late: int  # of outputs that go along time: run r gives, of n in each run, those from r * n - late on; -1: none do
    state_bytes: int

    def begin(self, run: int) -> int:
        """The first frame of the window for which this run gives what the given network gave."""
        return (run - self.first_run) * self.frames + self.offset


@dataclasses.dataclass(frozen=True)
class Exported:
    """Constants that were written."""

    files: List[str]
    name: str
    constants: int
    bytes: int
    left_out: List[str]


@dataclasses.dataclass(frozen=True)
class FittedLayer:
    """A layer, and the widths that it got."""

    name: str
    op: str
    weights: int
    alone_db: Optional[float]
    weight_bits: int
    activation_bits: int


@dataclasses.dataclass(frozen=True)
class FitTrial:
    """One set of widths that was quantized whole and measured."""

    weight_bytes: int
    flash_bytes: Optional[int]
    ram_bytes: Optional[int]
    no_project: str
    macs: int
    weight_bits: List[int]
    wide_ops: int
    predicted_db: Optional[float]
    sqnr_db: float
    top1: Optional[float]
    expected_top1: Optional[float]
    drop: float


@dataclasses.dataclass(frozen=True)
class Fit:
    """Widths layer by layer: `recipe` is the text of a file for `quantize(recipe=...)`, empty where nothing fits."""

    recipe: str
    steps: str
    max_drop: float
    unit: str  #: of drops: "points" or "decibels"
    layers: List[FittedLayer] = of(FittedLayer)
    trials: List[FitTrial] = of(FitTrial)
    chosen: Optional[int] = None
    nearest: Optional[int] = None
    missed: List[str] = dataclasses.field(default_factory=list)
    made: Optional[FitTrial] = dataclasses.field(default=None, metadata={"of": FitTrial})
    int8_weight_bytes: int = 0
    float_top1: Optional[float] = None
    macs: int = 0
    calibrated: int = 0
    held_back: int = 0
    warnings: List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that keeps a model from running on a runtime."""

    graph: Optional[int]
    op: Optional[int]
    type: str
    name: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"op {self.op} ({self.type}) '{self.name}': " if self.op is not None else ""
        return place + self.what + (f"; {self.remedy}" if self.remedy else "")


@dataclasses.dataclass(frozen=True)
class OpSupport:
    """An op, and who runs it in some form at each width."""

    op: str
    runtimes: Dict[str, List[str]]
