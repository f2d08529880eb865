"""The levels of one side by price: a tree in which each node tells six bits of the price apart.

A node has a bit for each child it has, so that the best one is found by counting zeros. The tree is as tall as the
highest price it has seen asks for: three nodes for prices below 2**18 ticks.
"""

import numpy as np

from orderbook._compiled.book_arrays import BIDS, DIGIT_BITS, NONE, TALLEST
from orderbook._compiled.compiler import compiled, inlined, leading_zeros, trailing_zeros

DIGIT = (1 << DIGIT_BITS) - 1
ONE = np.uint64(1)
NOTHING = np.uint64(0)


@inlined
def _bit(price, depth):
    """Return the bit of a price's digit."""
    return ONE << np.uint64(price >> (DIGIT_BITS * depth) & DIGIT)


@inlined
def _best_digit(bits, side):
    """Return the digit of the highest bid or the lowest ask that a node leads to."""
    return DIGIT - leading_zeros(bits) if side == BIDS else trailing_zeros(bits)


@inlined
def level_at(book, side, price):
    """Return the slot of the level at a price, or NONE."""
    half = book.halves[side]
    height = half.height
    if height < TALLEST and price >> (DIGIT_BITS * height) != 0:
        return np.int64(NONE)
    node = np.int64(half.root)
    for depth in range(height - 1, -1, -1):
        node = np.int64(book.children[node, price >> (DIGIT_BITS * depth) & DIGIT])
        if node == NONE:
            return np.int64(NONE)
    return node


@inlined
def _take_node(book):
    state = book.state[0]
    node = np.int64(state.free_node)
    state.free_node = np.int64(book.children[node, 0])
    state.spare_nodes -= 1
    book.children[node, 0] = NONE
    return node


@inlined
def _free_node(book, node):
    state = book.state[0]
    book.bits[node] = NOTHING
    book.children[node, 0] = state.free_node
    state.free_node = node
    state.spare_nodes += 1


@compiled
def _grow(book, side, price):
    """Make the tree as tall as a price asks for."""
    half = book.halves[side]
    while half.height < TALLEST and price >> (DIGIT_BITS * half.height) != 0:
        half.height += 1
        if book.bits[half.root] != NOTHING:
            root = _take_node(book)
            book.children[root, 0] = half.root
            book.bits[root] = ONE
            half.root = root


@compiled
def insert(book, side, level):
    """Put a level into the tree."""
    price = book.levels[level].price
    _grow(book, side, price)
    half = book.halves[side]
    node = np.int64(half.root)
    for depth in range(half.height - 1, 0, -1):
        digit = price >> (DIGIT_BITS * depth) & DIGIT
        child = np.int64(book.children[node, digit])
        if child == NONE:
            child = _take_node(book)
            book.children[node, digit] = child
            book.bits[node] |= ONE << np.uint64(digit)
        node = child
    book.children[node, price & DIGIT] = level
    book.bits[node] |= _bit(price, 0)
    book.levels[level].node = node
    best = np.int64(half.best)
    if best == NONE or (price > book.levels[best].price) == (side == BIDS):
        half.best = level


@inlined
def remove(book, side, level):
    """Take a level out of the tree."""
    price, node = book.levels[level].price, np.int64(book.levels[level].node)
    book.children[node, price & DIGIT] = NONE
    bits = book.bits[node] & ~_bit(price, 0)
    book.bits[node] = bits
    half = book.halves[side]
    if bits == NOTHING:
        _prune(book, side, price, half.best == level)
    elif half.best == level:
        half.best = np.int64(book.children[node, _best_digit(bits, side)])


@compiled
def _prune(book, side, price, was_best):
    """Free the nodes above an empty one that lead nowhere else, and find the new best level where that is needed."""
    half = book.halves[side]
    node = keep = np.int64(half.root)
    kept_depth = half.height - 1
    for depth in range(half.height - 1, 0, -1):
        bits = book.bits[node]
        if bits & (bits - ONE) != NOTHING:
            keep, kept_depth = node, depth
        book.path[depth] = node
        node = np.int64(book.children[node, price >> (DIGIT_BITS * depth) & DIGIT])
    if kept_depth > 0:
        _free_node(book, node)
        for depth in range(1, kept_depth):
            book.children[book.path[depth], price >> (DIGIT_BITS * depth) & DIGIT] = NONE
            _free_node(book, book.path[depth])
        book.children[keep, price >> (DIGIT_BITS * kept_depth) & DIGIT] = NONE
        book.bits[keep] &= ~_bit(price, kept_depth)
    if was_best:
        if book.bits[keep] == NOTHING:
            half.best = NONE
            return
        node = keep
        for _ in range(kept_depth + 1):
            node = np.int64(book.children[node, _best_digit(book.bits[node], side)])
        half.best = node


@inlined
def _worse(bits, side, price, depth):
    """Return the bits of the digits that are worse than the price's."""
    bit = _bit(price, depth)
    return bits & (bit - ONE) if side == BIDS else bits & ~(bit | (bit - ONE))


@compiled
def next_level(book, side, level):
    """Return the best of the levels that are worse than this one, or NONE."""
    price = book.levels[level].price
    half = book.halves[side]
    node, branch, branch_depth = np.int64(half.root), np.int64(NONE), np.int64(0)
    for depth in range(half.height - 1, -1, -1):
        if _worse(book.bits[node], side, price, depth) != NOTHING:
            branch, branch_depth = node, np.int64(depth)
        node = np.int64(book.children[node, price >> (DIGIT_BITS * depth) & DIGIT])
    if branch == NONE:
        return branch
    bits = _worse(book.bits[branch], side, price, branch_depth)
    node = np.int64(book.children[branch, _best_digit(bits, side)])
    for _ in range(branch_depth):
        node = np.int64(book.children[node, _best_digit(book.bits[node], side)])
    return node
