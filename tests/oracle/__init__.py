"""Tests that compare narrow, as a user runs it, with LiteRT."""
