/** Runs Django with allauth. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { djangoProgram } from '../support/django.ts';
import { pythonPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

describeInstalled(await pythonPackages('allauth'), 'Django with allauth', installed => {
  test.each([
    { how: 'as it is printed', edit: undefined, sends: 'PKCE' },
    {
      how: 'at its own default, without PKCE',
      edit: without(/ +"OAUTH_PKCE_ENABLED": True,\n/),
      sends: software.allauth.sends,
    },
  ])('signs a person in $how', async ({ edit, sends }) => {
    const { url } = await startClient({ name: 'allauth', ...djangoProgram, ...(edit && { edit }) }, installed);
    const agent = new Agent();
    // allauth asks whether to go on.
    const begun = await agent.submit(await agent.visit(url), /^$/);
    const page = await signIn(agent, begun);
    const { sub, name, email } = person();
    expect(JSON.parse(page.text)).toEqual({ username: name, email, verified: true, sub });
    expect(sentBy(agent)).toBe(sends);
  });
});
