/** Django, by mozilla-django-oidc and by allauth. */
import { optionalPkce, signedByRs256, type Software } from './software.ts';

export const mozillaDjangoOidc: Software = {
  title: 'Django with mozilla-django-oidc',
  registration: signedByRs256,
  redirectPath: '/oidc/callback/',
  logoutPath: '/',
  sends: 'nonce',
  snippetSendsPkce: true,
  file: 'settings.py',
  syntax: 'python',
  snippet: ({ issuer, clientId, clientSecret }) => `\
# INSTALLED_APPS has "mozilla_django_oidc", and urls.py path("oidc/", include("mozilla_django_oidc.urls")).
AUTHENTICATION_BACKENDS = ["mozilla_django_oidc.auth.OIDCAuthenticationBackend"]
OIDC_RP_CLIENT_ID = "${clientId}"
OIDC_RP_CLIENT_SECRET = "${clientSecret}"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "openid profile email"
OIDC_OP_AUTHORIZATION_ENDPOINT = "${issuer}/auth"
OIDC_OP_TOKEN_ENDPOINT = "${issuer}/token"
OIDC_OP_USER_ENDPOINT = "${issuer}/me"
OIDC_OP_JWKS_ENDPOINT = "${issuer}/jwks"
OIDC_USE_PKCE = True
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
`,
  notes: ['It finds people by their e-mail address, so each person needs one.'],
};

export const allauth: Software = {
  title: 'Django with allauth',
  registration: optionalPkce,
  redirectPath: '/accounts/oidc/sallyport/login/callback/',
  sends: 'neither',
  snippetSendsPkce: true,
  file: 'settings.py',
  syntax: 'python',
  snippet: ({ issuer, clientId, clientSecret }) => `\
# INSTALLED_APPS has "allauth", "allauth.account", "allauth.socialaccount" and
# "allauth.socialaccount.providers.openid_connect", and urls.py path("accounts/", include("allauth.urls")).
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "profile", "email"],
        "APPS": [
            {
                "provider_id": "sallyport",
                "name": "Sallyport",
                "client_id": "${clientId}",
                "secret": "${clientSecret}",
                "settings": {"server_url": "${issuer}"},
            }
        ],
    }
}
`,
  notes: ['It asks people to confirm an e-mail address that is not verified here (`users set NAME --email-verified`).'],
};
