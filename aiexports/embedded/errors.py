class EmbeddedError(Exception):
    """A part of the embedded run is missing or broken; the text is one line that says what to do."""
