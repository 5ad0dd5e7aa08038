"""Which time zones a company's dates can be counted in."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones() -> frozenset[str]:
    """Every IANA zone that this machine knows; asking ZoneInfo for an arbitrary text would open files by that name."""
    return frozenset(available_timezones())
