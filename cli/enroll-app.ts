/** Binds an authenticator app: a QR code on the terminal, then a current code as the proof that it was scanned. */
import qrcode from 'qrcode';
import { randomToken } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import type { User } from '../src/records.ts';
import { askUntilProven } from './ask-code.ts';
import { requestContextFor } from './enrollment-context.ts';
import type { CommandServices } from './services.ts';
import { plain } from '../src/plain-text.ts';
import { say } from './output.ts';

export const enrollApp = async (services: CommandServices, user: User): Promise<void> => {
  const boundTo = `cli:${randomToken()}`;
  const { view } = await services.enrollments.begin(
    { userId: user.id, factor: 'totp' },
    boundTo,
    requestContextFor(services, user, boundTo),
  );
  if (view.prompt.kind !== 'scan') throw new Problem('internal', `got the prompt ${view.prompt.kind}, expected scan`);
  const { uri } = view.prompt;
  say(await qrcode.toString(uri, { type: 'terminal', small: true }));
  say(uri);
  say(`Secret, to type it in: ${new URL(uri).searchParams.get('secret') ?? ''}`);
  try {
    await askUntilProven(services, boundTo, 'Code that the app shows now: ');
  } catch (error) {
    await services.enrollments.cancel(boundTo);
    throw error;
  }
  const bound = await services.enrollments.finish(boundTo, 'cli');
  if (bound === undefined) throw new Problem('conflict', 'somebody else finished this');
  say(`${plain(user.name)} has the method ${bound.label} (${bound.id}).`);
};
