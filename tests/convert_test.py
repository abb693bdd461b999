"""`narrow convert`: a model as a simplified .tflite file with the same outputs."""
import json
import unittest

import cli_test
from cli_test import DIGITS, FLOAT, TEST, TRAIN


class Convert(cli_test.Case):
    def outputs(self, model):
        out = self.folder / f"{model.name}.npy"
        self.done("run", model, *TEST, "-o", out)
        return out.read_bytes()

    def test_outputs_stay_and_a_second_time_changes_nothing(self):
        once, twice = self.folder / "once.tflite", self.folder / "twice.tflite"
        said = json.loads(self.done("convert", FLOAT, "-o", once, "--json"))
        self.assertEqual((said["output"], said["bytes"], said["ops"]), (str(once), once.stat().st_size, 6))
        self.assertEqual((said["parameters"], said["macs"]), (3706, 49344))
        self.assertIn("6 -> 6 ops", self.done("convert", once, "-o", twice))
        self.assertEqual(once.read_bytes(), twice.read_bytes())
        self.assertEqual(self.outputs(once), self.outputs(FLOAT))

    def test_integer_models_keep_their_integers(self):
        model, out = self.folder / "int8.tflite", self.folder / "out.tflite"
        self.done("quantize", FLOAT, *TRAIN, "-o", model)
        self.done("convert", model, "-o", out)
        self.assertEqual(self.outputs(model), self.outputs(out))

    def test_free_dimensions_are_fixed_on_request(self):
        out = self.folder / "out.tflite"
        self.done("convert", FLOAT, "--batch", "1", "-o", out)
        self.assertIn("[1, 8, 8, 1]", self.done("inspect", out))

    def test_refusals(self):
        self.refused(2, "convert", FLOAT, says="-o OUT.tflite is missing")
        self.refused(2, "convert", FLOAT, "-o", FLOAT, says="name the same file")
        self.refused(3, "convert", DIGITS / "test_y.npy", "-o", self.folder / "x.tflite")
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
