"""How notices reach people: the inbox, mail, webhooks, the text for a board."""
