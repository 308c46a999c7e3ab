from accounts.models import User


def person(name: str = "person", **fields: object) -> User:
    """A user with an e-mail address made of the name; the same one when asked again."""
    found = User.objects.filter(email=f"{name}@example.com").first()
    return found or User.objects.create_user(f"{name}@example.com", name=name.title(), **fields)
