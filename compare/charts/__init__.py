"""Charts of a comparison: each a function from a result to a figure, readable in grey, its finding in the title."""

from compare.charts.bundle_size import just_in_time
from compare.charts.component_paths import components
from compare.charts.markout_fan import markouts
from compare.charts.mode_bars import modes
from compare.charts.overview import comparison
from compare.charts.payoff_cloud import payoff
from compare.charts.profit_path import profit_and_loss
from compare.charts.sentence import finding
from compare.charts.staleness_curve import StalenessDot, staleness
from compare.charts.waterfall import waterfalls
from compare.charts.wealth_flow import who_pays_whom
from compare.charts.winner_map import phase_map

__all__ = [
    "StalenessDot",
    "comparison",
    "components",
    "finding",
    "just_in_time",
    "markouts",
    "modes",
    "payoff",
    "phase_map",
    "profit_and_loss",
    "staleness",
    "waterfalls",
    "who_pays_whom",
]
