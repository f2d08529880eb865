"""Published results, computed anew: what was printed, what is exact, and what a simulation gives.

>>> from compare.reproduce import REPRODUCTIONS
>>> rows = REPRODUCTIONS["order-splitting"].rows(paths=100, seed=1)
>>> all(row.passed for row in rows)
True
"""

from compare.reproduce.registry import REPRODUCTIONS, Reproduction, find
from compare.reproduce.row import Published, Row, Verdict

__all__ = ["REPRODUCTIONS", "Published", "Reproduction", "Row", "Verdict", "find"]
