"""What can go wrong around the embedded servers, told in one line."""


class Trouble(Exception):
    """Something that the person at the keyboard can put right: one line, saying what is wrong and what to do."""
