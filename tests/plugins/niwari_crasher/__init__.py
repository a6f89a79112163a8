"""A plugin that fails where it is told to: everything else must stay up."""
