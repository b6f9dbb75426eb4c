"""Privacy: what is kept of a commenter, handed over or erased on request, and purged by itself."""
