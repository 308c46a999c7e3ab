"""What a person can be told. Everything else is a defect and stays a 500."""


class UnableTo(Exception):
    """The act is not possible now; the text says why and how to fix it, and is shown as it is."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class StaleVersion(UnableTo):
    """Somebody else changed the record after this person read it."""
