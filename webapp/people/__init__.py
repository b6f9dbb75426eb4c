"""People of the newsroom: who they are, what they may do, how they sign in."""
