"""``make bench``: how fast Niwari's pages are beside a bare floor, and where their time goes.

Both are measured in one interleaved run, so that a machine that is busy with something else slows
them alike; what counts is the ratio. See docs/performance.md.
"""
