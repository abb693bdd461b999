"""Samples on the command line: what their numbers mean, sequences, labels, text."""
import json
import struct
import unittest

from cli_test import DIGITS, FLOAT, TEST, TRAIN, Case, npy


def contents(path):
    return path.read_bytes()


class Data(Case):
    def setUp(self):
        super().setUp()
        self.int8 = self.folder / "int8.tflite"
        self.done("quantize", FLOAT, *TRAIN, "-o", self.int8)
        said = json.loads(self.done("inspect", self.int8, "--json"))
        self.scale, self.zero_point = said["inputs"][0]["scales"][0], said["inputs"][0]["zero_points"][0]
        self.pixels = (DIGITS / "test_x.npy").read_bytes()[-360 * 64:]
        self.real = [p / 16 for p in self.pixels]

    def stored(self):
        """The samples as integers of the input, in a file."""
        q = [max(-128, min(127, int(v / self.scale + 0.5) + self.zero_point)) for v in self.real]
        path = self.folder / "q.npy"
        path.write_bytes(npy("|i1", (360, 8, 8, 1), struct.pack(f"{len(q)}b", *q)))
        return path

    def outputs(self, *arguments):
        self.done("run", self.int8, *arguments, "-o", self.folder / "y.npy")
        return contents(self.folder / "y.npy")

    def test_integers_are_real_values_unless_they_are_said_to_be_stored(self):
        wanted = self.outputs(*TEST)
        self.assertEqual(self.outputs("--data", self.stored(), "--data-is-quantized"), wanted)
        self.assertNotEqual(self.outputs("--data", self.stored()), wanted)
        raw = self.folder / "raw.npy"  # the same numbers as int8: one meaning for float and integer models
        raw.write_bytes(npy("|i1", (360, 8, 8, 1), self.pixels))
        rows = json.loads(self.done("evaluate", self.int8, "--data", raw, "--data-scale", 1 / 16, "--reference", FLOAT,
                                    "--json"))["models"]
        same = json.loads(self.done("evaluate", self.int8, *TEST, "--reference", FLOAT, "--json"))["models"]
        self.assertEqual(rows[0]["sqnr_db"], same[0]["sqnr_db"])

    def test_a_scale_may_be_a_fraction(self):
        self.assertEqual(self.outputs("--data", DIGITS / "test_x.npy", "--data-scale", "1/16"), self.outputs(*TEST))
        for word in ("1/0", "1/", "/2", "1/2/3", "1/x"):
            self.refused(2, "run", self.int8, *TEST, "-o", self.folder / "y.npy", "--data-scale", word,
                         says=f"--data-scale does not take '{word}'")

    def test_stored_integers_have_neither_scale_nor_float_inputs(self):
        to = ("-o", self.folder / "y.npy")
        self.refused(2, "run", self.int8, *TEST, "--data-is-quantized", *to,
                     says="--data-scale does not go with --data-is-quantized")
        self.refused(2, "run", FLOAT, "--data", self.stored(), "--data-is-quantized", *to,
                     says="int8 data for a float32 input has no stored integers to be, which --data-is-quantized says")
        real = self.folder / "real.npy"
        real.write_bytes(npy("<f4", (360, 8, 8, 1), struct.pack(f"<{len(self.real)}f", *self.real)))
        self.refused(2, "run", self.int8, "--data", real, "--data-is-quantized", *to,
                     says="float32 data for a int8 input is not stored integers")
        self.refused(3, "run", self.int8, "--data", DIGITS / "test_x.npy", "--data-is-quantized", "-o",
                     self.folder / "z.npy", says="out of range") if max(self.pixels) > 127 else None

    def test_pixels_that_were_not_scaled_are_noticed(self):
        raw = self.folder / "raw.npy"
        raw.write_bytes(npy("|u1", (360, 8, 8, 1), bytes(min(255, 16 * p) for p in self.pixels)))
        for arguments, warned in (((FLOAT, self.int8, "--data", raw), True), ((FLOAT, self.int8, *TEST), False),
                                  ((FLOAT, self.int8, "--data", raw, "--data-scale", "1/256"), False)):
            said = json.loads(self.done("evaluate", *arguments, "--json"))["warnings"]
            self.assertEqual(len(said), warned, said)
        self.done("evaluate", FLOAT, self.int8, "--data", raw)
        said = json.loads(self.done("run", self.int8, "--data", raw, "-o", self.folder / "y.npy", "--json"))["warnings"]
        self.assertRegex(said[0], r"^\d+ % of the values for input 'image' are outside of .* the data reach from 0 to 255: "
                                  "--data-scale and --data-offset turn them into what the model was trained on$")

    def test_samples_that_are_not_finite_can_be_left_out_by_quantize(self):
        values = list(self.real)
        values[64 * 7 + 3] = float("nan")
        data = self.folder / "x.npy"
        data.write_bytes(npy("<f4", (360, 8, 8, 1), struct.pack(f"<{len(values)}f", *values)))
        for scheme in ("int8", "q7"):
            out = self.folder / f"{scheme}.tflite"
            arguments = ("quantize", FLOAT, "--data", data, "--scheme", scheme, "-o", out)
            self.refused(3, *arguments, says="sample 7")
            self.done(*arguments, "--on-nan", "skip")
            self.assertIn("bytes", self.done("run", out, *TEST, "-o", self.folder / "y.npy") + " bytes")
        self.done("calibrate", FLOAT, "--data", data, "--on-nan", "skip", "-o", self.folder / "s.nstat")
        self.refused(2, "quantize", FLOAT, "--data", data, "--on-nan", "skip", "--range", "search", "-o",
                     self.folder / "m.tflite", says="--on-nan skip does not go with --range search")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", "--on-nan", "skip", "-o", self.folder / "m.tflite",
                     says="--on-nan skip has nothing to set")

    def test_images_and_what_to_do(self):
        images = self.folder / "images"
        (images / "cat").mkdir(parents=True)
        to = ("-o", self.folder / "m.tflite")
        self.refused(3, "quantize", FLOAT, "--data", images, *to, says="the folder holds no .npy, .npz or .csv file")
        for name in ("a.png", "B.JPG"):
            (images / name).write_bytes(b"\x89PNG\r\n\x1a\n")
        lines = self.refused(3, "quantize", FLOAT, "--data", images, *to, says="holds 2 images and no .npy")
        self.assertIn("docs/data.md", lines[1])
        lines = self.refused(3, "quantize", FLOAT, "--data", images / "a.png", *to, says="a PNG image, not an array")
        self.assertIn("docs/data.md", lines[1])

    def test_a_second_data_set_is_refused(self):
        self.refused(2, "run", FLOAT, *TEST, *TEST, "-o", self.folder / "y.npy", says="--data is given twice")
        self.refused(2, "run", FLOAT, *TEST, "-o", "y.npy", "-o", "z.npy", says="-o is given twice")

    def test_samples_that_nothing_needs_are_a_warning(self):
        for scheme in ("float16", "dynamic"):
            said = json.loads(self.done("quantize", FLOAT, *TRAIN, "--scheme", scheme, "-o", self.folder / "m.tflite",
                                        "--json"))
            self.assertEqual(said["warnings"], [f"the samples are not used: --scheme {scheme} needs none"])

    def test_labels_as_text_and_as_one_hot_rows(self):
        labels = contents(DIGITS / "test_y.npy")[-360:]
        (self.folder / "y.csv").write_text("label\n" + "".join(f"{c}\n" for c in labels))
        rows = b"".join(struct.pack("<10f", *(float(c == i) for i in range(10))) for c in labels)
        (self.folder / "y.npy").write_bytes(npy("<f4", (360, 10), rows))
        top1 = {json.loads(self.done("evaluate", FLOAT, *TEST, "--labels", path, "--json"))["models"][0]["top1"]
                for path in (DIGITS / "test_y.npy", self.folder / "y.csv", self.folder / "y.npy")}
        self.assertEqual(len(top1), 1)
        self.assertNotIn(None, top1)

    def test_labels_of_another_count_are_an_error(self):
        labels = contents(DIGITS / "test_y.npy")[-360:]
        path = self.folder / "y.npy"
        for count, options, fits in ((360, (), True), (359, (), False), (361, (), False), (360, ("--samples", 20), True),
                                     (20, ("--samples", 20), True), (21, ("--samples", 20), False)):
            path.write_bytes(npy("|u1", (count,), (labels + b"\0")[:count]))
            arguments = ("evaluate", FLOAT, *TEST, "--labels", path, *options)
            if fits:
                self.done(*arguments)
            else:
                self.refused(3, *arguments, says=f"{count} labels for 360 samples")

    def test_text_with_and_without_a_heading(self):
        rows = [[str(v) for v in self.real[64 * i:64 * i + 64]] for i in range(3)]
        heading = [f"pixel {i}" for i in range(64)]
        data = self.folder / "x.csv"
        written = [",".join(row) for row in rows]
        wanted = None
        for text in ("\n".join(written), "\n".join([",".join(heading), *written]),
                     "\n".join(";".join(v.replace(".", ",") for v in row) for row in rows)):
            data.write_bytes(b"\xEF\xBB\xBF" + text.encode())
            got = self.outputs("--data", data)
            wanted = wanted or got
            self.assertEqual(got, wanted)
        data.write_text("\n".join(["x" + written[0], *written]))
        self.refused(3, "run", self.int8, "--data", data, "-o", self.folder / "y.npy", says="line 1 has 'x")

    def test_a_limit_says_what_it_is_compared_with(self):
        arguments = ("run", self.int8, *TEST, "-o", self.folder / "y.npy", "--limit")
        lines = self.refused(4, *arguments, "arena-bytes=100")
        self.assertRegex(lines[0], r"the live activations take \d+ bytes; the limit is 100 ")
        least = int(lines[0].split(" take ")[1].split()[0])
        self.done(*arguments, f"arena-bytes={least}")

    def test_sequences_are_for_models_that_keep_state(self):
        for command in ("run", "evaluate", "calibrate", "quantize"):
            to = () if command == "evaluate" else ("-o", self.folder / "out.npy")
            self.refused(2, command, FLOAT, *TEST, *to, "--sequence", 4, says="--sequence has nothing to set")
            self.assertIn("--sequence N", self.done(command, "--help"))


if __name__ == "__main__":
    unittest.main()
