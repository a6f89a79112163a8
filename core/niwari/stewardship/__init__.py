"""Personal data: handing them out, erasing them, and how long they are kept."""
