"""The conformance runner: the test vectors, driven through any testee over the testee protocol."""

from .report import Report
from .runner import run
from .vectors import VectorError, Vectors, default_directory, load

__all__ = ["Report", "VectorError", "Vectors", "default_directory", "load", "run"]
