"""A node, read with web3.py: pools at a pinned block, and their event logs. Only this package needs web3."""
