"""The rules for what people write. Forms and services ask the same functions."""

NAME_LIMIT, PLACE_LIMIT, BEST_LIMIT = 60, 200, 100
ACCESS_LIMIT, STORY_LIMIT, CONTACT_LIMIT = 1_000, 4_000, 200
TITLE_LIMIT, HELP_LIMIT = 80, 400
CREDIT_LIMIT, KEPT_LIMIT = 100, 200
HANDLE_LIMIT, POLICY_LIMIT = 80, 4_000
COMMENT_LIMIT, RETURNED_LIMIT = 2_000, 400
POST_LIMIT = 63_206
"""No network takes more; each has its own limit."""
