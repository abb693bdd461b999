"""Instructions by class, as tools/count_cycles counts them, and the table that it reads of the model's source."""
import collections
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.mcu.cycles import CORES, Instruction, by_class, table_of


def counted(*instructions):
    """Of (name, operands), each executed 10 times and 3 times taken."""
    return by_class([Instruction("f000", name, operands, 10, 3) for name, operands in instructions])


class Classes(unittest.TestCase):
    def test_each(self):
        for name, operands, expected in (
                ("adds", "r0, #1", {"alu": 10}),
                ("smlad", "r0, r1, r2, r3", {"multiply": 10}),
                ("smlal", "r0, r1, r2, r3", {"long_multiply": 10}),
                ("udiv", "r0, r1, r2", {"alu": 80}),
                ("bne.n", "100 <f>", {"alu": 7, "jump": 3}),
                ("le", "lr, 100 <f>", {"alu": 10}),
                ("bic.w", "r0, r1, #3", {"alu": 10}),
                ("strb.w", "r0, [r1], #1", {"store": 10}),
                ("stmdb", "sp!, {r4-r7, lr}", {"store": 50}),
                ("vadd.i32", "q0, q1, q2", {"vector": 10}),
                ("vldrw.u32", "q0, [r0, q1]", {"vector_load": 40}),
                ("vldrb.8", "q0, [r0], #16", {"vector_load": 10})):
            self.assertEqual(counted((name, operands)), collections.Counter(expected), name)

    def test_loads_behind_accesses(self):
        found = counted(("ldr", "r0, [r1]"), ("ldrd", "r2, r3, [r4]"), ("add", "r0, r1"), ("pop", "{r4-r6}"))
        self.assertEqual(found, collections.Counter(load=20, next_load=40, alu=10, jump=9))

    def test_table(self):
        for core in CORES:
            self.assertGreater(table_of(core)["load"], 0, core)
        self.assertEqual(table_of("m4")["jump"], 3)
        self.assertEqual(table_of("m55")["vector"], 1.5)


if __name__ == "__main__":
    unittest.main()
