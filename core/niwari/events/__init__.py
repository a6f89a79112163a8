"""Events: written in the transaction of what happened, delivered by the worker."""
