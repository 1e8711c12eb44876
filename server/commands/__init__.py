"""The commands of `yijue`."""
