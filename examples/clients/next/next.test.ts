/** Runs Next.js with Auth.js, in the development server of Next.js. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { npmPackages } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

/** Turbopack refuses packages that are linked from elsewhere. */
const development = ['node_modules/next/dist/bin/next', 'dev', '--webpack', '--hostname', 'localhost'];

const edits = {
  'as it is printed': { edit: (snippet: string) => snippet, sends: 'PKCE and nonce' },
  'with the checks that Auth.js makes by default': { edit: without(/checks: .*\n/), sends: software['auth.js'].sends },
} as const;

describeInstalled(await npmPackages('next'), 'Next.js with Auth.js', installed => {
  test.each(Object.entries(edits))('signs a person in %s', async (_title, { edit, sends }) => {
    const { url } = await startClient(
      {
        name: 'auth.js',
        example: 'next',
        links: ['node_modules'],
        edit,
        command: ({ port }) => [process.execPath, ...development, '--port', String(port)],
        env: { NEXT_TELEMETRY_DISABLED: '1', AUTH_TRUST_HOST: 'true' },
      },
      installed,
    );
    const agent = new Agent();
    const chosen = await agent.submit(await agent.visit(`${url}/api/auth/signin`), /\/signin\/sallyport$/);
    const page = await signIn(agent, chosen);
    const { displayName, email } = person();
    expect(page.text.replaceAll('&quot;', '"')).toContain(`"name":"${displayName}","email":"${email}"`);
    expect(sentBy(agent)).toBe(sends);
  });
});
