"""What HR arranges: the choices of the rule, rates, legal bases, freezes (rules L13, L23)."""
