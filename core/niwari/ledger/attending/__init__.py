"""Who was there: hosts confirm attendance and nothing else (L14), and absence returns the minutes (L18)."""
