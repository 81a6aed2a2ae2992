"""Which language an answer speaks: what the request says, else what the person chose, else Chinese."""

from typing import Final

from starlette.requests import Request

from security.principal import current_or_none

LANGUAGES: Final = ("zh", "en")
DEFAULT: Final = "zh"


def language_of(request: Request) -> str:
    """Return zh or en for this request."""
    said = accepted(request.headers.get("accept-language", ""))
    principal = current_or_none()
    return said or (principal.language if principal else DEFAULT)


def accepted(header: str) -> str | None:
    """Return the language of Accept-Language that we speak and that is wanted most, None where it names neither."""
    best: tuple[float, str] | None = None
    for item in header.lower().split(","):
        tag, _, parameters = item.strip().partition(";")
        language = tag.split("-")[0]
        weight = _weight(parameters)
        if language in LANGUAGES and weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best else None


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
