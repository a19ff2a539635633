/** Runs the browser of the conformance suite, HtmlUnit, over our pages, by the commands that `npm run certification` writes. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../../test/support/world/free-port.ts';
import { start, type Program } from '../../../test/support/world/programs.ts';
import { describeInstalled } from '../support/client.ts';
import { mavenProgram } from '../support/install.ts';

describeInstalled(await mavenProgram('htmlunit', 'src/main/java/example/Suite.java'), 'HtmlUnit', installed => {
  let suite: Server;
  let profile: Program;
  let folder: string;
  let issuer: string;
  let callback: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-htmlunit-'));
    suite = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p id="submission_complete">Done</p>');
    });
    await new Promise<void>(resolve => suite.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(suite.address() as AddressInfo).port}`;
    callback = `${origin}/test/a/sallyport/callback`;
    const port = await freePort();
    issuer = `http://localhost:${port}`;
    const options = ['--issuer', issuer, '--port', String(port), '--suite', origin];
    profile = start('cli/index.ts', ['certification', ...options], { cwd: folder });
    await profile.until(/^Upload to the suite: /m);
  });
  afterAll(async () => {
    profile.child.kill('SIGTERM');
    await profile.ended;
    suite.close().closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the browser printed. */
  const drive = (...addresses: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const classes = ['target/classes', 'target/dependency/*'].map(path => join(installed, path)).join(':');
      const plan = join(folder, '.certification/openid-connect.json');
      const child = spawn('java', ['-cp', classes, 'example.Suite', plan, ...addresses]);
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
      child.once('error', reject);
      child.once('close', code => (code === 0 ? resolve(said) : reject(new Error(said))));
    });

  test('signs a person in, with consent, and again with prompt=login, and by a posted answer', async () => {
    const parameters = {
      client_id: 'certification-first',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
    };
    const request = `${issuer}/auth?${new URLSearchParams(parameters).toString()}`;
    const said = await drive(
      `${request}&state=a`,
      `${request}&state=b&prompt=login`,
      `${request}&state=c&prompt=none`,
      `${request}&response_mode=form_post`,
    );
    const ends = [...said.matchAll(/^Ended at (\S+)$/gm)].map(([, at = '']) => new URL(at));
    expect(ends.map(({ origin, pathname }) => origin + pathname)).toEqual([callback, callback, callback, callback]);
    expect(ends.map(({ searchParams }) => [searchParams.get('state'), searchParams.has('code')])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
      // This answer is posted.
      // oxlint-disable-next-line unicorn/no-null -- as URLSearchParams has it
      [null, false],
    ]);
  });
});
