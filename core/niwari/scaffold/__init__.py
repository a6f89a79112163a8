"""Writing the projects of new plugins, and keeping their English catalogues.

``naming`` checks what the author chose, ``listing`` reads the list that a plugin is made from,
``rendering`` fills the templates, ``project`` writes the whole folder or nothing.
"""
