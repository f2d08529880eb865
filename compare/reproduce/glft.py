"""Gueant, Lehalle and Fernandez-Tapia (2013): following the optimal quotes earns what the theorem says they are worth.

The market is that of the tables of Avellaneda and Stoikov (2008). A simulation in steps does not earn it: how far it
falls short is computed as well.
"""

from dataclasses import replace

from compare.reproduce.row import Progress, Row, no_progress
from orderbook.exact_avellaneda_stoikov import DepthPolicy, FillMode, SimulationSetting, exact_certainty_equivalent
from orderbook.quoting.glft import GLFTModel, GLFTSolution
from orderbook.simulation import simulate

_RISK_AVERSION = 0.1
_BOUND = 20
_THEOREM = "theorem 1"
_EXTENSION = "extensions of the same paper"
_DRIFT, _IMPACT = 1.0, 0.1


def rows(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """Certainty equivalents in continuous time, without and with drift and impact, and in steps of 1/200.

    Args:
        paths: of each of four simulations.
        seed: of the first; each next has the next one.
        progress: in paths.
    """
    setting = SimulationSetting()
    events, steps = (replace(setting, fill_mode=mode) for mode in (FillMode.EVENT_DRIVEN, FillMode.POISSON_STEP))
    plain = _solution(setting)
    cases = [
        ("certainty equivalent", _THEOREM, events, plain, (0.0, 0.0)),
        ("with a drift of 1", _EXTENSION, events, _solution(setting, drift=_DRIFT), (_DRIFT, 0.0)),
        ("with an impact of 0.1", _EXTENSION, events, _solution(setting, impact=_IMPACT), (0.0, _IMPACT)),
        ("in steps of 1/200", "computed, not printed", steps, plain, (0.0, 0.0)),
    ]
    found = []
    for index, (what, source, market, solution, (drift, impact)) in enumerate(cases):

        def report(done: int, _total: int, base: int = index * paths) -> None:
            progress(base + done, len(cases) * paths)

        policy = _policy(solution)
        exact = (
            solution.certainty_equivalent(0, market.horizon)
            if market.fill_mode is FillMode.EVENT_DRIVEN
            else exact_certainty_equivalent(market, policy, _RISK_AVERSION)
        )
        run = simulate(market, policy, paths=paths, seed=seed + index, drift=drift, impact=impact, progress=report)
        found.append(Row(what, source, exact, simulated=run.certainty_equivalent(_RISK_AVERSION)))
    return found


def _solution(setting: SimulationSetting, *, drift: float = 0.0, impact: float = 0.0) -> GLFTSolution:
    model = GLFTModel(
        risk_aversion=_RISK_AVERSION,
        volatility=setting.volatility,
        fill_decay=setting.fill_decay,
        arrival_intensity=setting.arrival_intensity,
        drift=drift,
        impact=impact,
    )
    return GLFTSolution(model, _BOUND)


def _policy(solution: GLFTSolution) -> DepthPolicy:
    return lambda time_left, inventory: solution.depths(inventory, time_left)
