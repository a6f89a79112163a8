"""The pieces."""

from niwari.api import Model


class Shard(Model):
    """A row that each part of the crasher leaves before it fails."""

    class Meta:
        table_name = "crasher_shard"
