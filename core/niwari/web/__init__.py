"""The shell: home, forms, formatting, errors, languages."""
