"""Random cases, a function per op: it draws one model of one op. CASES lists them by the op's name."""
from . import activations, choices, elementwise, layout, moves, precision, products, windows

CASES = {name: function for module in (products, elementwise, windows, activations, layout, moves, choices, precision)
         for name, function in module.CASES.items()}
