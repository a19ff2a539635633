/** Runs Django with mozilla-django-oidc. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { djangoProgram } from '../support/django.ts';
import { pythonPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

const name = 'mozilla-django-oidc';

describeInstalled(await pythonPackages(name), 'Django with mozilla-django-oidc', installed => {
  test.each([
    { how: 'as it is printed', edit: undefined, sends: 'PKCE and nonce' },
    {
      how: 'at its own default, without PKCE',
      edit: without(/^OIDC_USE_PKCE = True\n/m),
      sends: software[name].sends,
    },
  ])('signs a person in $how', async ({ edit, sends }) => {
    const { url } = await startClient({ name, ...djangoProgram, ...(edit && { edit }) }, installed);
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    expect(JSON.parse(page.text)).toEqual({ email: person().email });
    expect(sentBy(agent)).toBe(sends);
  });
});
