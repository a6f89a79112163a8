"""What people write: Markdown, mentions, cards of links, drafts."""
