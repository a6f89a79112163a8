"""The way from the sign-in page to a person of the directory, and asking again who one is."""
