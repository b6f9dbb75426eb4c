"""Reading: front page, articles, archives, sidebars, search."""
