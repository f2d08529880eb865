"""Other people's books on a stream: run by the Python of an environment of its own; the book's name and one JSON file.

Prints one line of JSON: the CPU seconds of each round, and the levels left at the end as [side, price, lots].
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

FEWEST_ROUNDS, SPAN_S = 5, 5.0
Levels = list[tuple[int, int, int]]


def limit_order_book(work: dict[str, Any]) -> tuple[float, Levels]:
    """Match every request with limit-order-book, which gives no fills out."""
    book: Any = import_module("limit_order_book").LimitOrderBook()
    limits = {1: book.limit_buy, -1: book.limit_sell}
    markets = {1: book.market_buy, -1: book.market_sell}
    cancel = book.cancel
    for order_id, side, price, size in work["before"]:
        limits[side](order_id, size, price)
    requests = work["requests"]
    began = time.process_time()
    for kind, order_id, side, price, size in requests:
        if kind == 0:
            limits[side](order_id, size, price)
        elif kind == 1:
            markets[side](order_id, size)
        else:
            cancel(order_id)
    seconds = time.process_time() - began
    return seconds, [(side, price, lots) for side, price in work["prices"] if (lots := book.volume(price))]


def order_book(work: dict[str, Any]) -> tuple[float, Levels]:
    """Keep the levels with order-book, which matches nothing and is told what each request leaves of a level."""
    book: Any = import_module("order_book").OrderBook()
    halves = {1: book.bids, -1: book.asks}
    for side, price, lots in work["levels"]:
        halves[side][price] = lots
    updates = [(halves[side], price, lots) for side, price, lots in work["updates"]]
    began = time.process_time()
    for half, price, lots in updates:
        if lots:
            half[price] = lots
        else:
            del half[price]
    seconds = time.process_time() - began
    return seconds, [(side, price, lots) for side, half in halves.items() for price, lots in half.to_list()]


def main(name: str, file: str) -> None:
    """Run the work and report."""
    run = {"limit-order-book": limit_order_book, "order-book": order_book}[name]
    work = json.loads(Path(file).read_text(encoding="utf-8"))
    rounds: list[tuple[float, list[tuple[int, int, int]]]] = []
    began = time.perf_counter()
    while len(rounds) < FEWEST_ROUNDS or time.perf_counter() - began < SPAN_S:
        rounds.append(run(work))
    print(json.dumps({"seconds": [seconds for seconds, _ in rounds], "levels": sorted(rounds[-1][1])}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
