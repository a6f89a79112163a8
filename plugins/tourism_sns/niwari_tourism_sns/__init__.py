"""Local attractions 地域の魅力: spots of each town, routes over several, posts that an approver releases."""
