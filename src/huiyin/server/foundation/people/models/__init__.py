"""People as they are kept."""

from huiyin.server.foundation.people.models.invitation import Invitation
from huiyin.server.foundation.people.models.key import ApiKey
from huiyin.server.foundation.people.models.team import Team
from huiyin.server.foundation.people.models.user import RoleGrant, User

__all__ = ["ApiKey", "Invitation", "RoleGrant", "Team", "User"]
