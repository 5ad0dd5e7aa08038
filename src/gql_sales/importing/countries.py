"""From names of countries, as people write them, to ISO codes."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

OTHER_NAMES = {
    "channel islands": "JE",
    "czech republic": "CZ",
    "eire": "IE",
    "hong kong": "HK",
    "rsa": "ZA",
    "uk": "GB",
    "usa": "US",
}
"""What the world's list of names calls otherwise; the Channel Islands count as the largest of them."""


def country_code(text: str, otherwise: str) -> str:
    """The code of a name or of a code in any case; ``otherwise`` for what is no country."""
    name = text.strip()
    if len(name) == 2 and name.upper() in _known_codes():
        return name.upper()
    return OTHER_NAMES.get(name.lower()) or _by_name().get(name.lower(), otherwise)


@cache
def _by_name() -> Mapping[str, str]:
    return {name.lower(): code for code, name in _territories() if len(code) == 2}


@cache
def _known_codes() -> frozenset[str]:
    return frozenset(code for code, _ in _territories() if len(code) == 2)


def _territories() -> list[tuple[str, str]]:
    """Those of the world's parts that are countries; EU, UN and the like are none."""
    return [(code, name) for code, name in Locale("en").territories.items() if code not in ("EU", "EZ", "UN", "ZZ")]
