"""Components over time: each line is the samples' own, the ends are the books', the title says what covers what."""

import numpy as np
import pytest
from figures import title_of
from worlds import run

from compare import charts
from compare.charts.style import COMPONENT_NAMES, amount_text

RESULT = run()


def test_every_component_is_drawn_as_the_samples_have_it() -> None:
    """The first line of a panel is the sum, the others are the components that were ever anything, in order."""
    figure = charts.components(RESULT)
    for axes, provider in zip(figure.axes, RESULT.providers, strict=True):
        total, *lines = axes.lines[:-1]  # the last one is zero
        sums = [RESULT.market.quote_float(sum(sample.components.values())) for sample in provider.samples]
        assert np.allclose(np.asarray(total.get_ydata(), float), sums)
        parts = {name for sample in provider.samples for name, amount in sample.components.items() if amount}
        names = [name for name in provider.book.components() if name in parts]
        assert len(lines) == len(names)
        for line, name in zip(lines, names, strict=True):
            drawn = [RESULT.market.quote_float(sample.components.get(name, 0)) for sample in provider.samples]
            assert np.allclose(np.asarray(line.get_ydata(), float), drawn)


def test_lines_are_labelled_with_their_ends_on_one_scale() -> None:
    """Beside each line stands its name and the book's amount; all panels have the same limits."""
    figure = charts.components(RESULT)
    assert len({axes.get_ylim() for axes in figure.axes}) == 1
    for axes, provider in zip(figure.axes, RESULT.providers, strict=True):
        texts = {text.get_text() for text in axes.texts}
        assert f"beyond HODL {amount_text(RESULT.market.quote_float(provider.beyond_hodl), sign=True)}" in texts
        for name, amount in provider.book.components().items():
            if amount:
                assert f"{COMPONENT_NAMES[name]} {amount_text(RESULT.market.quote_float(amount), sign=True)}" in texts


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_the_title_says_whether_gains_cover_losses(seed: int) -> None:
    """The verdict is the sign of the profit beyond HODL, and every amount in it is the book's."""
    result = run(seed)
    for line, provider in zip(
        charts.components(result).get_suptitle().split(f"\n{result.providers[1].name} "), result.providers, strict=True
    ):
        said = line.replace("\n", " ")
        assert ("do not cover" in said) == (provider.beyond_hodl < 0)
        for name, amount in provider.book.components().items():
            if amount:
                size = amount_text(result.market.quote_float(amount), sign=True)
                assert f"{COMPONENT_NAMES[name]} {size}" in said
    assert title_of(charts.components(result)).startswith(result.providers[0].name)
