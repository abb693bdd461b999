"""Random cases, a function per op: it draws one model of one op. CASES lists them by the op's name."""
from . import activations, binary, choices, elementwise, layout, moves, precision, products, windows

MODULES = (products, elementwise, binary, windows, activations, layout, moves, choices, precision)
CASES = {name: function for module in MODULES for name, function in module.CASES.items()}
