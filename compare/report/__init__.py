"""A comparison as one self-contained page for a browser: `write_report`, and `lpmm report`.

Only this package and `compare.explore` need bokeh: `pip install 'lpmm[web]'`.
"""

from compare.report.write import write_report

__all__ = ["write_report"]
