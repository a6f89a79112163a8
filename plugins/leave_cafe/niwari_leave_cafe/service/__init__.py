"""What one can do: ``in_force`` knows which rules hold, ``dates`` applies them and keeps nothing."""
