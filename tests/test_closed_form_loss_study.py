"""The published study of v3 positions, as a record."""

import pytest

from amm.closed_form.loss_study import LOESCH_2021


def test_s54_providers_lost_more_than_they_earned() -> None:
    """17 pools, 138 days: 199.3 M of fees, 260.1 M of impermanent loss, net -60.8 M; 1.305 times the fees."""
    assert (LOESCH_2021.pools, LOESCH_2021.days) == (17, 138)
    assert LOESCH_2021.net == pytest.approx(-60.8, abs=1e-9)
    assert LOESCH_2021.loss_over_fees == pytest.approx(1.305, abs=5e-4)
    # "Over 100 billion" of volume and 199.3 million of fees: 20 bp to the precision of the volume.
    assert LOESCH_2021.mean_fee_bps == pytest.approx(20.0, abs=0.1)
