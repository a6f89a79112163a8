"""Who is signed in: OpenID Connect, server-side sessions, roles and permissions."""
