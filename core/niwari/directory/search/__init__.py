"""Finding people by any part of name, reading or section, within the own region."""
