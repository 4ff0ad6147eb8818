"""A table kept without its noughts gives back the same rows."""

import numpy as np

from bot.finding.weights import Weights, packed


def test_rows_come_back_whole_in_any_order() -> None:
    chance = np.random.default_rng(1)
    table = chance.integers(-127, 128, (200, 139)).astype(np.int8)
    table[chance.random(table.shape) < 0.8] = 0
    table[7] = 0
    weights = Weights.kept(*packed(table), 139)
    for rows in ([0], [199], [7], [5, 3, 7, 199, 3], list(range(200)), []):
        places = np.array(rows, np.intp)
        assert np.array_equal(weights.rows(places), table[places].astype(np.float32))
        assert weights.rows(places).dtype == np.float32
