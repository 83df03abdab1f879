"""The company's OpenID Connect, held to what the specification asks of a relying party.

django-allauth takes the identity token unread where it came straight from the provider, sends no nonce, and takes what the user-info
address says without comparing whose it is. Here the signature is checked with the provider's published keys, whatever way the token came
(a company's provider may well be reached without TLS), the token answers the nonce of this very sign-in, and both sources speak of one
person (OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2).
"""

from __future__ import annotations

import hmac
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from huiyin.server.web.rights import open_to_all

_SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key. `none` proves nothing, and with HS256 whoever knows the published key could sign."""
_CLOCKS_APART = 60
"""Seconds by which the provider's clock may be off."""


class _Client(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, str]) -> str:
        """Adds the nonce that the token has to bring back."""
        return super().get_redirect_url(authorization_url, scope, {**extra_params, "nonce": _nonce_of(str(self.state))})


class CompanyAdapter(OpenIDConnectOAuth2Adapter):
    """Who the provider says it is."""

    client_class = _Client

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The person the identity token names, with what the user-info address adds.

        Raises:
            OAuth2Error: the token is missing, not valid, of another sign-in, or of another person than the user-info.
        """
        written = kwargs["response"].get("id_token")
        if not written:
            raise OAuth2Error("the provider gave no identity token")
        told = self._decode_id_token(app, written)
        if not hmac.compare_digest(str(told.get("nonce", "")).encode(), _nonce_of(request.GET.get("state", "")).encode()):
            raise OAuth2Error("the identity token belongs to another sign-in")
        userinfo = self._fetch_user_info(token.token) if self.openid_config.get("userinfo_endpoint") else {}
        if userinfo and userinfo.get("sub") != told["sub"]:
            raise OAuth2Error("the user-info speaks of somebody else than the identity token")
        return self.get_provider().sociallogin_from_response(request, {"id_token": told, "userinfo": {**told, **userinfo}})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = jwt.decode(
                id_token,
                key=self._published_key(jwt.get_unverified_header(id_token).get("kid")),
                algorithms=_SIGNED_WITH,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=_CLOCKS_APART,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the identity token is not valid") from error
        if told.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the identity token was made for another application")
        return told

    def _published_key(self, named: str | None) -> jwt.PyJWK:
        """The provider's key of that name; a token may leave the name out where there is one key only."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [one for one in jwt.PyJWKSet.from_dict(answer.json()).keys if one.public_key_use in (None, "sig")]
        fitting = [one for one in keys if named is None or one.key_id == named]
        if len(fitting) != 1:
            raise OAuth2Error("the identity token is signed with a key that the provider does not publish")
        return fitting[0]


class CompanyProvider(OpenIDConnectProvider):
    """The provider that the environment names."""

    oauth2_adapter_class = CompanyAdapter

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Nothing from the address: a link that somebody was sent must not shape what the provider is asked."""
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The usual ones, for the same reason."""
        return list(self.get_scope())

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """The address, verified only where the provider says so in earnest: some write the word "false"."""
        found = super().extract_email_addresses(data)
        for one in found:
            one.verified = one.verified is True or str(one.verified).lower() == "true"
        return list(found)


@open_to_all
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """On to the provider."""
    return _viewed(OAuth2LoginView, request, provider_id)


@open_to_all
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider."""
    return _viewed(OAuth2CallbackView, request, provider_id)


def _viewed(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        return view.adapter_view(CompanyAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None


def _nonce_of(state: str) -> str:
    """What the token of the sign-in with this `state` must carry: `state` lies in the session of one browser and serves once."""
    return salted_hmac("huiyin.oidc.nonce", state, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
