"""Where tables live and how a publication replaces the one before."""
