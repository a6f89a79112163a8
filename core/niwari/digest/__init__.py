"""広域通信: a periodical of a region, made from what was shared in it; off until the region wants it."""
