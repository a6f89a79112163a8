"""How devices are called on the pages."""

from niwari.pages.texts import gettext as _


def device_words(device: str) -> str:
    """Write what ``device_of`` returned, as WindowsのEdge, or the part of it that is known."""
    system, _slash, browser = device.partition("/")
    if system and browser:
        return _("%(system)sの%(browser)s", system=system, browser=browser)
    return system or browser or _("種類の分からない端末")
