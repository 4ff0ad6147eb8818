"""England's bank holidays on weekdays, 2024 to 2028, typed in by hand from the government's own page."""

from tests.days import day

OFFICIAL = frozenset(
    map(
        day,
        (
            "Mon 2024-01-01", "Fri 2024-03-29", "Mon 2024-04-01", "Mon 2024-05-06", "Mon 2024-05-27",
            "Mon 2024-08-26", "Wed 2024-12-25", "Thu 2024-12-26",
            "Wed 2025-01-01", "Fri 2025-04-18", "Mon 2025-04-21", "Mon 2025-05-05", "Mon 2025-05-26",
            "Mon 2025-08-25", "Thu 2025-12-25", "Fri 2025-12-26",
            "Thu 2026-01-01", "Fri 2026-04-03", "Mon 2026-04-06", "Mon 2026-05-04", "Mon 2026-05-25",
            "Mon 2026-08-31", "Fri 2026-12-25", "Mon 2026-12-28",
            "Fri 2027-01-01", "Fri 2027-03-26", "Mon 2027-03-29", "Mon 2027-05-03", "Mon 2027-05-31",
            "Mon 2027-08-30", "Mon 2027-12-27", "Tue 2027-12-28",
            "Mon 2028-01-03", "Fri 2028-04-14", "Mon 2028-04-17", "Mon 2028-05-01", "Mon 2028-05-29",
            "Mon 2028-08-28", "Mon 2028-12-25", "Tue 2028-12-26",
        ),
    )
)  # fmt: skip
