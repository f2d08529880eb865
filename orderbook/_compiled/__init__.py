"""The compiled engine: the order book over arrays of requests, and the steps of simulated paths. Only here is numba.

The book has a second body here, because its plain one is made of Python's own dicts and lists: `book_arrays` holds its
state, `price_tree` finds levels, `queues` keeps orders in them, `matching` trades, and `requests` runs the batch that
`orderbook.batch` is given. What is charged is computed by the functions of `orderbook.fees`, compiled as they stand.
"""
