"""A price-time-priority order book, and market makers that quote on it."""
