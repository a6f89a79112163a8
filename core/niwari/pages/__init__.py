"""What the views of every area lean on: forms, the request's context, the application's parts."""
