"""What a device is called, out of what its browser says of itself."""

# The first that is found counts: most browsers also name those that came before them.
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)


def device_of(user_agent: str) -> str:
    """Return system and browser as ``Windows/Edge``; what is not known is empty (``/``).

    Nothing else of the header is kept: versions and models would tell devices apart for good.
    """
    return f"{_first(_SYSTEMS, user_agent)}/{_first(_BROWSERS, user_agent)}"


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in known if sign in user_agent), "")
