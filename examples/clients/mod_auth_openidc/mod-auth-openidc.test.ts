/** Runs Apache with mod_auth_openidc, from Debian. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient, without } from '../support/client.ts';
import { debianPackage } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

const isRoot = process.getuid?.() === 0;
/** As Debian's /etc/apache2/envvars has them. Apache ignores them where it is not started by root. */
const env = { APACHE_RUN_USER: isRoot ? 'www-data' : 'nobody', APACHE_RUN_GROUP: isRoot ? 'www-data' : 'nogroup' };
const module = '/usr/lib/apache2/modules/mod_auth_openidc.so';

describeInstalled(await debianPackage('libapache2-mod-auth-openidc', module), 'mod_auth_openidc', path => {
  test.each([
    { how: 'as it is printed', edit: undefined, sends: 'PKCE and nonce' },
    {
      how: 'at its own default, without PKCE',
      edit: without(/^OIDCPKCEMethod .*\n/m),
      sends: software.mod_auth_openidc.sends,
    },
  ])('signs a person in and out $how', async ({ edit, sends }) => {
    const { url } = await startClient(
      {
        name: 'mod_auth_openidc',
        command: ({ folder }) => ['apache2', '-d', folder, '-f', 'apache2.conf', '-DFOREGROUND'],
        env,
        ...(edit && { edit }),
      },
      path,
    );
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    const { sub, name, displayName, email } = person();
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining(`Hello ${displayName}.`) });
    for (const line of [`REMOTE_USER=${name}`, `email=${email}`, `sub=${sub}`, 'amr=pwd,tel,mfa', 'acr=mfa']) {
      expect(page.text).toContain(`<p>${line}\n`);
    }
    expect(sentBy(agent)).toBe(sends);

    const back = encodeURIComponent(`${url}/`);
    const asked = await agent.visit(`${url}/oidc/callback?logout=${back}`);
    const out = await agent.submit(asked, /\/session\/end\/confirm/, { logout: 'yes' });
    // Back at the client, which asks for a sign-in again.
    expect(agent.visited.some(({ href }) => href === `${url}/`)).toBe(true);
    expect(out.text).toContain('type="password"');
  });
});
