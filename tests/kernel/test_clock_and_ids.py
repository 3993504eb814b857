"""Business dates and time-ordered ids (GEN-01, GEN-07)."""

from datetime import UTC, date, datetime, time

import pytest

from lunarfront.kernel.clock import business_date
from lunarfront.kernel.ids import uuid7


@pytest.mark.parametrize(
    ("moment", "cutoff", "day"),
    [
        (datetime(2026, 3, 9, 4, 30, tzinfo=UTC), time(0), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 8, 30, tzinfo=UTC), time(4), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 9, 30, tzinfo=UTC), time(4), date(2026, 3, 9)),
        (datetime(2026, 3, 8, 8, 30, tzinfo=UTC), time(3), date(2026, 3, 8)),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), time(2), date(2026, 10, 31)),
    ],
)
def test_gen_07_w13_business_date(moment: datetime, cutoff: time, day: date) -> None:
    assert business_date(moment, "America/Chicago", cutoff) == day


def test_gen_01_ids_of_a_process_only_rise() -> None:
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {i.version for i in ids} == {7}
    assert {i.variant for i in ids} == {"specified in RFC 4122"}
