"""The directory: municipalities, regions and their members, sections, people."""
