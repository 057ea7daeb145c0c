"""The signing room: open, read, sign, refuse."""
