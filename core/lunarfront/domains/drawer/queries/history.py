"""Over/short history: per drawer, user and day, with its running sum and who agreed (DRW-07, domain-core.md §5.10)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import invalid

LONGEST_RANGE = timedelta(days=400)
#: Differences at opening and at close both go to Cash Over/Short, so the running sum has both.
_SQL = """
SELECT s.id AS session_id, s.drawer_id, d.name AS drawer_name, s.location_id, s.closing_date, s.closed_at, s.z_number,
  s.opened_by AS opened_by_id, o.full_name AS opened_by_name, s.closed_by AS user_id, c.full_name AS user_name,
  s.expected_total AS expected, s.first_count, s.counted_total AS counted, s.over_short, s.opening_variance,
  sum(s.opening_variance + coalesce(s.over_short, 0))
    OVER (PARTITION BY s.drawer_id ORDER BY s.z_number) AS running_sum,
  s.variance_reason_code, s.variance_note, s.approval_id, p.full_name AS approved_by_name, s.forced,
  s.counted_total IS NULL AS is_pending
FROM drawer_session s
JOIN drawer d ON d.company_id = s.company_id AND d.id = s.drawer_id
JOIN app_user o ON o.company_id = s.company_id AND o.id = s.opened_by
JOIN app_user c ON c.company_id = s.company_id AND c.id = s.closed_by
LEFT JOIN approval a ON a.company_id = s.company_id AND a.id = s.approval_id
LEFT JOIN app_user p ON p.company_id = a.company_id AND p.id = a.approved_by
WHERE s.company_id = %(company)s AND s.status = 'closed' AND s.closing_date BETWEEN %(start)s AND %(end)s
  AND (%(drawer)s::uuid IS NULL OR s.drawer_id = %(drawer)s)
  AND (%(location)s::uuid IS NULL OR s.location_id = %(location)s)
  AND (%(user)s::uuid IS NULL OR s.closed_by = %(user)s)
  AND (%(locations)s::uuid[] IS NULL OR s.location_id = ANY(%(locations)s::uuid[]))
ORDER BY d.name, s.drawer_id, s.z_number
"""


def over_short_history(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the closed sessions of a range of business dates, by drawer and Z number.

    Raises:
        Problem: ``validation_failed`` for a range that is reversed or longer than 400 days.
    """
    if not timedelta(0) <= query["end"] - query["start"] <= LONGEST_RANGE:
        raise invalid("to", "validation_failed", "From one date to a later one, at most 400 days.")
    allowed = ctx.rights.location_ids
    params = {
        "company": ctx.company.id,
        "start": query["start"],
        "end": query["end"],
        "drawer": query.get("drawer_id"),
        "location": query.get("location_id"),
        "user": query.get("user_id"),
        "locations": None if allowed is None else list(allowed),
    }
    return {"items": [dict(row._mapping) for row in ctx.uow.query(_SQL, params)]}
