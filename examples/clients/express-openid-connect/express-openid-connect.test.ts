/** Runs Express with express-openid-connect. The printed file is the whole program. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, nodeProgram, startClient, without } from '../support/client.ts';
import { npmPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

const name = 'express-openid-connect';

describeInstalled(await npmPackages(), name, installed => {
  test('signs a person in and out as it is printed', async () => {
    const { url } = await startClient({ name, ...nodeProgram('app.mjs') }, installed);
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    expect(page.text).toBe(`Hello ${person().displayName}`);
    expect(sentBy(agent)).toBe(software[name].sends);

    const out = await agent.submit(await agent.visit(`${url}/logout`), /\/session\/end\/confirm/, { logout: 'yes' });
    // Back at the client, which asks for a sign-in again.
    expect(agent.visited.some(({ href }) => href === `${url}/`)).toBe(true);
    expect(out.text).toContain('type="password"');
  });

  test('needs response_type=code: its default asks for the implicit flow', async () => {
    const edit = without(/response_type: "code", /);
    const { url } = await startClient({ name, ...nodeProgram('app.mjs'), edit }, installed);
    const agent = new Agent();
    await agent.visit(url);
    expect(agent.visited.at(-2)?.searchParams.get('response_type')).toBe('id_token');
  });
});
