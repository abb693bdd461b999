"""Random cases, a function per op: it draws one model of one op. CASES lists them by the op's name. The families are those
of src/ops/; the ops of control/ have no cases here but tests of their own (control_test.py)."""
from . import activations, arithmetic, conversions, indexing, layers, layout, reductions, windows

FAMILIES = (layers, arithmetic, windows, activations, reductions, layout, indexing, conversions)
CASES = {name: function for family in FAMILIES for name, function in family.CASES.items()}
