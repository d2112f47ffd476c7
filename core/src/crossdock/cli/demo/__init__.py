"""`crossdock demo`: the whole story, over real HTTP, in under a minute; every claim is checked against the systems.

systems   the sandboxes, as processes of their own, and what a person does in them
setting   the configuration that the demo runs with
orders    what buyers order
story     the chapters with LS Central
krsc      the chapters with Anchanto OMS
checks    claims, each with its figures
"""

from crossdock.cli.demo.command import add_to

__all__ = ["add_to"]
