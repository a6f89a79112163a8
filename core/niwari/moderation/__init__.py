"""Reporting posts, hiding them, and answering whoever reported."""
