"""What a sample says about a number, and how far it may be off."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Estimate(NamedTuple):
    """A number taken from a sample.

    Attributes:
        value: the estimate.
        standard_error: its standard deviation over samples of the same size; 0 where the sample does not vary.
    """

    value: float
    standard_error: float

    def deviations_from(self, exact: float) -> float:
        """How many standard errors lie between the estimate and an exact value; without an error, 0 or infinity."""
        distance = abs(self.value - exact)
        if not self.standard_error:
            return 0.0 if not distance else math.inf
        return distance / self.standard_error


def mean_of(sample: NDArray[np.float64] | NDArray[np.int64]) -> Estimate:
    """The mean."""
    return Estimate(float(sample.mean()), float(sample.std()) / math.sqrt(sample.size))


def deviation_of(sample: NDArray[np.float64] | NDArray[np.int64]) -> Estimate:
    """The standard deviation; its error from the fourth moment, so the sample need not be normal."""
    deviation = float(sample.std())
    if not deviation:
        return Estimate(0.0, 0.0)
    fourth = float(((sample - sample.mean()) ** 4).mean())
    return Estimate(deviation, math.sqrt(max(0.0, fourth - deviation**4) / sample.size) / (2 * deviation))


def certainty_equivalent_of(profits: NDArray[np.float64], risk_aversion: float) -> Estimate:
    """The sure profit worth as much as the sample under the utility -exp(-risk_aversion * profit)."""
    exponents = -risk_aversion * profits
    largest = float(exponents.max())  # taken out, so that no exponential overflows
    utility = mean_of(np.exp(exponents - largest))
    return Estimate(
        -(math.log(utility.value) + largest) / risk_aversion,
        utility.standard_error / utility.value / risk_aversion,
    )
