"""How days are written where Django writes them otherwise than a county does."""
