"""What a checkout needs and an installed site does not: set-up, the static bundle, the checks."""
