/** Runs a server with go-oidc and x/oauth2. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { goModules, run } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

const withoutChallenge = without(/, oauth2\.S256ChallengeOption\(verifier\)/);
const withoutVerifier = without(/, oauth2\.VerifierOption\(verifier\)/);

describeInstalled(await goModules('go-oidc'), 'go-oidc', installed => {
  test.each([
    { how: 'as it is printed', edit: undefined, sends: 'PKCE' },
    {
      how: 'at its own default, without PKCE',
      edit: (snippet: string) => withoutVerifier(withoutChallenge(snippet)),
      sends: software['go-oidc'].sends,
    },
  ])('signs a person in $how', async ({ edit, sends }) => {
    const { url } = await startClient(
      {
        name: 'go-oidc',
        prepare: folder => run(['go', 'build', '-o', 'server', '.'], folder),
        command: ({ folder }) => [`${folder}/server`],
        ...(edit && { edit }),
      },
      installed,
    );
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    const { sub, name, displayName, email } = person();
    expect(JSON.parse(page.text)).toMatchObject({
      sub,
      name: displayName,
      preferred_username: name,
      email,
      amr: ['pwd', 'tel', 'mfa'],
    });
    expect(sentBy(agent)).toBe(sends);
  });
});
