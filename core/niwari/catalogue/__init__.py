"""取組の一覧: what one can take part in, of all plugins, and joining it with 20% time."""
