from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from accounts.models import User


class PortalBackend(AuthenticationBackend):
    """Sign-in by e-mail and password. A request's person comes with their roles, in the same query.

    Nobody of the demonstration's cast gets in where the demonstration is off, not even with a session from before.
    """

    def get_user(self, user_id: int) -> User | None:
        person = User.objects.with_roles().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)
