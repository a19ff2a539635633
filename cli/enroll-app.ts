/** Binds an authenticator app: prints a QR code, then asks for a current code as proof that it was scanned. */
import qrcode from 'qrcode';
import { randomToken } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import type { User } from '../src/records.ts';
import { askForCode } from './ask-code.ts';
import { contextOf, type CommandServices } from './services.ts';
import { plain } from '../src/masking.ts';
import { print } from './output.ts';

/** Binds an app to `user`. @throws Problem with the reason if it was not bound */
export const enrollApp = async (services: CommandServices, user: User): Promise<void> => {
  const boundTo = `cli:${randomToken()}`;
  const { view } = await services.enrollments.begin(
    { userId: user.id, factor: 'totp' },
    boundTo,
    contextOf(services, user, boundTo),
  );
  if (view.prompt.kind !== 'scan') throw new Problem('internal', `got the prompt ${view.prompt.kind}, expected scan`);
  const { uri } = view.prompt;
  print(await qrcode.toString(uri, { type: 'terminal', small: true }));
  print(uri);
  print(`Secret to type in: ${new URL(uri).searchParams.get('secret') ?? ''}`);
  try {
    await askForCode(services, boundTo, 'Code that the app shows now: ');
  } catch (error) {
    await services.challenges.cancel(boundTo);
    throw error;
  }
  const bound = await services.enrollments.finish(boundTo, 'cli');
  if (bound === undefined) throw new Problem('conflict', 'another process finished this enrolment');
  print(`Added ${bound.label} (${bound.id}) for ${plain(user.name)}.`);
};
