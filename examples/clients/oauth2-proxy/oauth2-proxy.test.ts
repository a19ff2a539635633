/** Runs oauth2-proxy in front of a server without a sign-in of its own. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { portOf, release } from '../../../test/support/world/programs.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { goTool } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

const installed = await goTool('oauth2-proxy', 'github.com/oauth2-proxy/oauth2-proxy/v7');

describeInstalled(installed, 'oauth2-proxy', path => {
  /** Answers with the headers that it gets. */
  let upstream: Server;
  beforeAll(async () => {
    upstream = createServer(({ headers }, response) => response.end(JSON.stringify(headers)));
    await new Promise<void>(resolve => upstream.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => release(upstream));

  const atUpstream = (snippet: string) => {
    expect(snippet).toContain('"http://127.0.0.1:8080/"');
    return snippet.replace('127.0.0.1:8080', `127.0.0.1:${portOf(upstream)}`);
  };
  const withoutPkce = without(/^code_challenge_method .*\n/m);

  test.each([
    { how: 'as it is printed', edit: atUpstream, sends: 'PKCE' },
    {
      how: 'at its own default, without PKCE',
      edit: (snippet: string) => withoutPkce(atUpstream(snippet)),
      sends: software['oauth2-proxy'].sends,
    },
  ])('signs a person in $how', async ({ edit, sends }) => {
    const { url } = await startClient(
      {
        name: 'oauth2-proxy',
        command: ({ port }) => [
          `${path}/oauth2-proxy`,
          '--config=oauth2-proxy.cfg',
          `--http-address=127.0.0.1:${port}`,
        ],
        edit,
      },
      path,
    );
    const agent = new Agent();
    expect(await agent.visit(url)).toMatchObject({ status: 403, text: expect.stringContaining('/oauth2/start') });
    const page = await signIn(agent, await agent.visit(`${url}/oauth2/start?rd=/`));
    const { sub, name, email } = person();
    expect(JSON.parse(page.text)).toMatchObject({
      'x-forwarded-user': sub,
      'x-forwarded-email': email,
      'x-forwarded-preferred-username': name,
    });
    expect(sentBy(agent)).toBe(sends);
  });
});
