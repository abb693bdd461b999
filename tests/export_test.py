"""`narrow export` from the command line: folders, refusals, the same bytes every time. Needs nothing but Python."""
import json
import unittest

import cli_test
from cli_test import DIGITS, FLOAT


class Folders(cli_test.Case):
    def files(self, folder):
        return {p.name: p.read_bytes() for p in folder.iterdir()}

    def test_new_existing_and_again(self):
        out = self.folder / "out"
        said = json.loads(self.done("export", FLOAT, "-o", out, "--json"))
        first = self.files(out)
        self.assertEqual(sorted(said["files"]), sorted(first))
        self.assertEqual((said["constants"], said["left_out"]), (7, []))
        self.assertEqual(list(self.folder.iterdir()), [out])
        (out / "mine.txt").write_text("stays")
        (out / "index.json").write_text("old")
        self.done("export", FLOAT, "-o", f"{out}/")
        self.assertEqual(self.files(out), {**first, "mine.txt": b"stays"})
        empty = self.folder / "empty"
        empty.mkdir()
        self.done("export", FLOAT, "-o", empty)
        self.assertEqual(self.files(empty), first)

    def test_csv(self):
        self.done("export", FLOAT, "-o", self.folder / "out", "--format", "csv")
        lines = (self.folder / "out" / "dense_weights.csv").read_text().splitlines()
        self.assertEqual({len(line.split(",")) for line in lines}, {96})
        self.assertEqual(len(lines), 10)
        self.assertEqual(len((self.folder / "out" / "dense_bias.csv").read_text().splitlines()), 10)

    def test_refusals(self):
        out = self.folder / "out"
        self.refused(2, "export", FLOAT, says="-o DIR is missing")
        self.refused(2, "export", FLOAT, "-o", out, "--format", "np", says="npy")
        self.refused(2, "export", FLOAT, "-o", out, "--layout", "nchw", says="choose stored, ohwi, hwio, transposed")
        self.refused(3, "export", DIGITS / "test_y.npy", "-o", out)
        self.refused(5, "export", self.folder / "none.tflite", "-o", out)
        self.refused(5, "export", FLOAT, "-o", out / "deeper", says="No such file")
        self.refused(5, "export", FLOAT, "-o", FLOAT, says="not a folder")
        self.refused(5, "export", FLOAT, "-o", "/dev/null", says="not a folder")
        self.refused(5, "export", FLOAT, "-o", "")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_full_disk_leaves_nothing(self):
        for most in (0, 100, 2000):
            done = self.limited(most, "export", FLOAT, "-o", self.folder / "out")
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertEqual(list(self.folder.iterdir()), [])

    def limited(self, most, *arguments):
        """A run whose files may not be longer than `most` bytes."""
        def limit():
            cli_test.signal.signal(cli_test.signal.SIGXFSZ, cli_test.signal.SIG_IGN)
            cli_test.resource.setrlimit(cli_test.resource.RLIMIT_FSIZE, (most, most))
        return cli_test.narrow(*arguments, preexec_fn=limit)


if __name__ == "__main__":
    unittest.main()
