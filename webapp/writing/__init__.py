"""Writing articles on the desk: drafts, publishing, versions and corrections."""
