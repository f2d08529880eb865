"""What a comparison found, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.charts.style import amount_text, span_text

if TYPE_CHECKING:
    from compare.result import Comparison


def finding(result: Comparison) -> str:
    """Return who made and who lost how much against holding, the best first."""
    parts = [
        f"the {provider.name} {'made' if provider.beyond_hodl >= 0 else 'lost'} "
        f"{amount_text(abs(result.market.quote_float(provider.beyond_hodl)))}"
        for provider in sorted(result.providers, key=lambda provider: -provider.beyond_hodl)
    ]
    return f"Against holding, over {span_text(result)}: " + ", ".join(parts)
