"""Every point of the path from a press to a page is made to fail in turn, and the troubles of an installation, too."""
