"""Work for later: huey on the application's database, runs claimed by rows."""
