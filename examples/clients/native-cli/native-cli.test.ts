/** Runs a command-line program with openid-client, which listens on a free port of loopback (RFC 8252 §7.3). */
import { expect, test } from '@jest/globals';
import { setTimeout as pass } from 'node:timers/promises';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, nodeProgram, startClient } from '../support/client.ts';
import { npmPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

/** The address that the program prints. */
const printedAddress = async (said: () => string): Promise<string> => {
  for (let looked = 0; looked < 200; looked += 1) {
    const [, url] = /^Open (\S+)$/m.exec(said()) ?? [];
    if (url !== undefined) return url;
    await pass(100);
  }
  throw new Error(`got no address in:\n${said()}`);
};

describeInstalled(await npmPackages(), 'a command-line program', installed => {
  test('signs its person in as it is printed, and ends', async () => {
    const start = { name: 'native-cli', listens: false, ...nodeProgram('sign-in.mjs') } as const;
    const { said, ended } = await startClient(start, installed);
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(await printedAddress(said)));
    expect(page.text).toBe('You can close this page.');
    expect(await ended).toBe(0);
    expect(said()).toContain(`Hello ${person().displayName}\n`);
    expect(sentBy(agent)).toBe(software['native-cli'].sends);
  });
});
