/** Adds the command `certification` (`npm run certification`), which starts a server for the OpenID Foundation's conformance suite. */
import { InvalidArgumentError, type Command } from 'commander';
import { refuseProduction } from './development-only.ts';
import { portUpTo } from './typed.ts';

/** Adds it to `program`. */
export const addCertificationCommand = (program: Command): void => {
  program
    .command('certification')
    .description('starts a server with weaker rules for the conformance suite of the OpenID Foundation')
    .option('--issuer <origin>', 'its address as the suite reaches it', readOrigin, 'http://localhost:4400')
    .option('--port <n>', 'its port on 127.0.0.1', portUpTo(65_535), 4400)
    .option('--suite <origin>', 'address of the suite', readOrigin, 'https://localhost.emobix.co.uk:8443')
    .option('--alias <name>', 'alias of the tests in the suite', readAlias, 'sallyport')
    .action(async (options: { issuer: string; port: number; suite: string; alias: string }) => {
      refuseProduction('it registers clients with weaker rules and prints a password');
      // Imported here, so that no other command and no server loads the clients and settings of the profile.
      const { runCertification } = await import('./dev/certification/run.ts');
      await runCertification(options);
    });
};

const readOrigin = (text: string): string => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || (text !== url.origin && text !== `${url.origin}/`)) {
    throw new InvalidArgumentError('expected an origin such as https://login.example.com');
  }
  return url.origin;
};

const readAlias = (text: string): string => {
  if (!/^[\w-]{1,64}$/.test(text)) throw new InvalidArgumentError('expected 1 to 64 letters, digits, - or _');
  return text;
};
