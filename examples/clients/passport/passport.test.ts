/** Runs Passport with the strategy of openid-client. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, nodeProgram, startClient } from '../support/client.ts';
import { npmPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

describeInstalled(await npmPackages(), 'Passport with openid-client', installed => {
  test('signs a person in as it is printed', async () => {
    const { url } = await startClient({ name: 'passport', ...nodeProgram('server.mjs') }, installed);
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    const { sub, name, displayName, email } = person();
    expect(JSON.parse(page.text)).toMatchObject({ sub, name: displayName, preferred_username: name, email });
    expect(sentBy(agent)).toBe(software.passport.sends);
  });
});
