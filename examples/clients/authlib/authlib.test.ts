/** Runs Flask with Authlib. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { pythonPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

describeInstalled(await pythonPackages('authlib'), 'Authlib on Flask', installed => {
  test.each([
    { how: 'as it is printed', edit: undefined, sends: 'PKCE and nonce' },
    {
      how: 'at its own default, without PKCE',
      edit: without(/, "code_challenge_method": "S256"/),
      sends: software.authlib.sends,
    },
  ])('signs a person in $how', async ({ edit, sends }) => {
    const { url } = await startClient(
      {
        name: 'authlib',
        links: ['.venv'],
        command: ({ port }) => ['.venv/bin/python', '-m', 'flask', 'run', '--port', String(port)],
        ...(edit && { edit }),
      },
      installed,
    );
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    const { sub, name, displayName, email } = person();
    // `token["userinfo"]` has the claims of the ID token.
    expect(JSON.parse(page.text)).toMatchObject({
      sub,
      name: displayName,
      preferred_username: name,
      email,
      email_verified: true,
      acr: 'mfa',
      amr: ['pwd', 'tel', 'mfa'],
    });
    expect(sentBy(agent)).toBe(sends);
  });
});
