"""Benchmarks: commands that measure crossdock against the least that a hand-written program needs for the same job.

``python -m benchmarks`` lists them. Compare figures of one run with each other, never with another machine's.
"""
