"""Pure integer arithmetic of the pools: int in, int out, no state."""
