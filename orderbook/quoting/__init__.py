"""Quoting strategies: a market view in, two quotes out."""
