/** The requests of a client as commands of a shell, for software that is not listed, and for devices. */
import type { RegisteredValues } from './index.ts';

/** The code flow of a client (OIDC Core §3.1): what the browser opens, and what is sent with the code. */
export const curlForCodes = ({ issuer, clientId, clientSecret, redirectUri }: RegisteredValues): string => `\
# 1. PKCE: keep the verifier until the browser returns (RFC 7636).
verifier=$(openssl rand -base64 48 | tr '+/' '-_' | tr -d '=\\n')
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=\\n')

# 2. Open this address in a browser. It returns with ?code=…
echo "${issuer}/auth?response_type=code&client_id=${clientId}&scope=openid%20profile%20email&state=$(openssl rand -hex 16)&code_challenge_method=S256&code_challenge=$challenge&redirect_uri=${encodeURIComponent(redirectUri)}"

# 3. Redeem the code within a minute.
curl "${issuer}/token" \\
  ${clientOption({ clientId, clientSecret })} \\
  --data-urlencode "grant_type=authorization_code" \\
  --data-urlencode "redirect_uri=${redirectUri}" \\
  --data-urlencode "code_verifier=$verifier" \\
  --data-urlencode "code=CODE"
`;

/** The device flow (RFC 8628): the request for a code, and the question whether it was confirmed. */
export const curlForDevices = ({ issuer, clientId, clientSecret }: Omit<RegisteredValues, 'redirectUri'>): string => `\
# 1. Ask for a code, and show user_code and verification_uri to the person.
curl "${issuer}/device/auth" \\
  ${clientOption({ clientId, clientSecret })} \\
  --data-urlencode "scope=openid profile"

# 2. Ask every five seconds whether they have confirmed it.
curl "${issuer}/token" \\
  ${clientOption({ clientId, clientSecret })} \\
  --data-urlencode "grant_type=urn:ietf:params:oauth:grant-type:device_code" \\
  --data-urlencode "device_code=DEVICE_CODE"
`;

/** The option by which curl names the client, and proves it by its secret where it has one. */
const clientOption = ({ clientId, clientSecret }: Pick<RegisteredValues, 'clientId' | 'clientSecret'>): string =>
  clientSecret === '' ? `--data-urlencode "client_id=${clientId}"` : `--user "${clientId}:${clientSecret}"`;
