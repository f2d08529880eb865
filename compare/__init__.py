"""One price path and one taker flow through a pool and an order book, booked in one ledger."""
