"""Random cases, a function per op: it draws one model of one op. CASES lists them by the op's name. The families are those
of src/ops/. WITHOUT_CASES names the ops that have none, and where they are tested instead; an op that no runtime has a
kernel for needs no line there, as there is nothing to compare it with."""
from . import activations, arithmetic, conversions, indexing, layers, layout, recurrent, reductions, windows

FAMILIES = (layers, arithmetic, windows, activations, reductions, layout, indexing, conversions, recurrent)
CASES = {name: function for family in FAMILIES for name, function in family.CASES.items()}

RUNS_GRAPHS = "a model of one op has no graph for it to run: oracle/control_test.py"
KEEPS_VALUES = "one op alone has no variable: oracle/control_test.py"
WITHOUT_CASES = {
    "ASSIGN_VARIABLE": KEEPS_VALUES,
    "CALL_ONCE": RUNS_GRAPHS,
    "DENSIFY": "reading takes it out: oracle/stored_forms_test.py has a model with it",
    "FAKE_QUANT": "quantizing takes it out: oracle/graphs_test.py has graphs with it",
    "IF": RUNS_GRAPHS,
    "READ_VARIABLE": KEEPS_VALUES,
    "STABLEHLO_COMPOSITE": RUNS_GRAPHS,
    "VAR_HANDLE": KEEPS_VALUES,
    "WHILE": RUNS_GRAPHS,
}
