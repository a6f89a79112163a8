"""A plugin from elsewhere, as a municipality would install it: sections lend each other equipment."""
