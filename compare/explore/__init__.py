"""The comparison live in a browser: `lpmm explore`, sliders on one side and what they do to both ledgers on the other.

Only this package and `compare.report` need bokeh: `pip install 'lpmm[web]'`.
"""
