"""Random cases, a function per op: it draws one model of one op. CASES lists them by the op's name."""
from . import (activations, axes, binary, choices, elementwise, functions, layout, moves, precision,
               products, windows)

CASES = {name: function for module in (products, elementwise, windows, activations, functions, axes, layout, moves,
                                       precision, binary, choices)
         for name, function in module.CASES.items()}
