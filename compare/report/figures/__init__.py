"""Interactive figures of a record, each a function from plain data to a Bokeh figure."""
