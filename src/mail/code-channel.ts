/** Carries the codes of sign-ins by mail: a carrier like those of calls and texts, over the outbox. */
import { Undelivered } from '../errors.ts';
import { wording } from '../locales/wording.ts';
import type { Carrier, Channel, CodeMail } from '../ports/carriers.ts';
import type { Clock } from '../ports/time.ts';
import { mailText } from './content.ts';
import type { Mail } from './mail.ts';

/** The channel puts a code into the outbox; it is taken once it is durable there. A mail is dropped when its code has expired. */
const codeChannel = (mail: Pick<Mail, 'queue'>, clock: Clock): Channel<CodeMail> => ({
  via: 'email',
  async send({ to, token, userId, language, purpose, code, client, lifetime }) {
    const words = wording(language).mail.code;
    const { subject, sentence, unexpected } = words[purpose];
    const message = {
      subject,
      heading: subject,
      paragraphs: [mailText(sentence(client))],
      code,
      closing: [words.lifetime, unexpected],
    };
    const queued = await mail.queue({ to, userId, language, message, until: clock() + lifetime });
    if (queued === 'queued') return { reference: token.slice(0, 8) };
    throw new Undelivered(queued === 'off' ? 'misconfigured' : 'busy', `got ${queued}, expected a mail in the outbox`);
  },
});

/** The carrier of mailed codes. */
export const createMailCarrier = (mail: Pick<Mail, 'queue'>, clock: Clock): Carrier => ({
  name: 'mail',
  channels: [codeChannel(mail, clock)],
  callbacks: [],
});
