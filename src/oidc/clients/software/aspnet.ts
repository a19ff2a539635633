/** ASP.NET Core with its OpenID Connect handler. */
import { signedByRs256, type Software } from './software.ts';

export const aspnet: Software = {
  title: 'ASP.NET Core',
  registration: signedByRs256,
  redirectPath: '/signin-oidc',
  logoutPath: '/signout-callback-oidc',
  sends: 'PKCE and nonce',
  snippetSendsPkce: true,
  file: 'Program.cs',
  syntax: 'csharp',
  snippet: ({ issuer, clientId, clientSecret }) => `\
builder.Services
    .AddAuthentication(options =>
    {
        options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
    })
    .AddCookie()
    .AddOpenIdConnect(options =>
    {
        options.Authority = "${issuer}";${issuer.startsWith('http:') ? '\n        options.RequireHttpsMetadata = false;' : ''}
        options.ClientId = "${clientId}";
        options.ClientSecret = "${clientSecret}";
        options.ResponseType = "code";
        options.Scope.Add("email");
        options.GetClaimsFromUserInfoEndpoint = true;
        options.MapInboundClaims = false;
        options.TokenValidationParameters.NameClaimType = "preferred_username";
    });
`,
  notes: [
    'The package is Microsoft.AspNetCore.Authentication.OpenIdConnect.',
    'Without `ResponseType` it asks for `id_token`, which is refused: the code flow is the only one.',
  ],
};
