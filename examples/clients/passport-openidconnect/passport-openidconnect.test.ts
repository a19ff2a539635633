/** Runs passport-openidconnect, which has no PKCE, and by default no nonce. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { cli } from '../support/cli.ts';
import { describeInstalled, nodeProgram, startClient, without } from '../support/client.ts';
import { npmPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person, world } from '../support/world.ts';

const name = 'passport-openidconnect';

const edit = without(/ +nonce: true,\n/);

describeInstalled(await npmPackages(), name, installed => {
  test('signs a person in at its own default because it is registered with pkce=optional', async () => {
    const { url } = await startClient({ name, ...nodeProgram('server.mjs'), edit }, installed);
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    const { sub, name: username, displayName } = person();
    expect(JSON.parse(page.text)).toMatchObject({ id: sub, displayName, username });
    expect(sentBy(agent)).toBe(software[name].sends);
  });

  test('is refused at its own default without pkce=optional', async () => {
    const { url, clientId } = await startClient({ name, ...nodeProgram('server.mjs'), edit }, installed);
    await cli(world().folder, 'clients', 'set', clientId, '--no-pkce');
    const agent = new Agent();
    await agent.visit(url);
    expect(agent.visited.flatMap(({ searchParams }) => searchParams.get('error') ?? [])).toEqual(['invalid_request']);
  });

  test('needs no exemption as it is printed, because it sends a nonce', async () => {
    const { url, clientId } = await startClient({ name, ...nodeProgram('server.mjs') }, installed);
    await cli(world().folder, 'clients', 'set', clientId, '--no-pkce');
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    expect(JSON.parse(page.text)).toMatchObject({ id: person().sub });
    expect(sentBy(agent)).toBe('nonce');
  });
});
