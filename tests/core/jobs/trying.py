"""A plugin whose jobs and tasks do what a test tells them."""

PLUGIN = """
TOLD = []
FAIL = set()

def _do(ctx, what):
    TOLD.append((what, ctx.municipality.code))
    if what in FAIL or (what, ctx.municipality.code) in FAIL:
        raise RuntimeError("the secret word of " + ctx.municipality.name)

def brew(ctx):
    _do(ctx, "brew")

def pour(ctx):
    _do(ctx, "pour")

def wash(ctx, cups=0):
    _do(ctx, f"wash {cups}" if cups else "wash")

@hookimpl
def jobs():
    return [
        Job("tea.brew", brew, Daily("07:30"), Label("お茶をいれる", "Brew")),
        Job("tea.pour", pour, Every(5), Label("お茶をつぐ", "Pour"), again=False),
    ]

@hookimpl
def tasks():
    return [Task("tea.wash", wash, Label("洗う", "Wash"))]
"""
