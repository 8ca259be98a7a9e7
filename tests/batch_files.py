"""What a batch leaves in its output folder, sorted by what it is."""

BESIDE = {"退回", "修改对照"}


def documents(output):
    """The documents of the units: without what goes back to them, and without what they have changed."""
    return sorted(path for path in output.rglob("*.docx") if BESIDE.isdisjoint(path.relative_to(output).parts))
