"""Bringing what existed before the portal: read, rehearse, confirm, import row by row, invite."""
