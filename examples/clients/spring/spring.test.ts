/** Runs Spring Boot. */
import { expect, test } from '@jest/globals';
import { software } from '../../../src/oidc/clients/software/index.ts';
import { Agent } from '../support/agent.ts';
import { describeInstalled, startClient } from '../support/client.ts';
import { mavenProgram } from '../support/install.ts';
import { sentBy, signIn } from '../support/sign-in.ts';
import { person } from '../support/world.ts';

const installed = await mavenProgram('spring', 'src/main/java/example/Application.java');

describeInstalled(installed, 'Spring Boot', path => {
  test('signs a person in as it is printed', async () => {
    const { url } = await startClient(
      {
        name: 'spring',
        command: ({ port }) => [
          'java',
          '-jar',
          `${path}/target/example.jar`,
          '--spring.config.additional-location=file:src/main/resources/',
          `--server.port=${port}`,
        ],
      },
      path,
    );
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    const { sub, name, displayName, email } = person();
    expect(JSON.parse(page.text)).toMatchObject({ user: name, claims: { sub, name: displayName, email } });
    expect(sentBy(agent)).toBe(software.spring.sends);
  });
});
