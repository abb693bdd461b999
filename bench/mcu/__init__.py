"""Runs emitted C projects on emulated chips."""
