/** Samples of the pages on which a person sets up a method, in every state. */
import type { CallEndReason } from '../../../src/end-reason.ts';
import type { PhoneEntryError } from '../../../src/mfa/phone-entry.ts';
import * as pages from '../index.ts';
import type {
  EnrollCallPage,
  EnrollChoosePage,
  EnrollCodePage,
  EnrollFrame,
  EnrollNamePage,
  EnrollPhonePage,
  EnrollScanPage,
} from '../enroll-props.ts';
import { ended, frame, hostile, now, office, reached, sentTo, type Sample } from './shared.ts';

const step: EnrollFrame = { ...frame, account: 'ada@contoso.example', progress: { at: 1, of: 3 } };
const backup: EnrollFrame = { ...step, progress: { at: 2, of: 3 } };

const choose = (name: string, more: Partial<EnrollChoosePage> = {}): Sample => ({
  name: `enroll-choose/${name}`,
  draw: words => pages.enrollChoosePage({ ...step, for: 'first', kinds: ['totp', 'phone'], ...more }, words),
});

/** As many as there are, because they are most of the page. Their calling codes are made up. */
const countries = (
  'AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT ' +
  'BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ' +
  'ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE ' +
  'IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV ' +
  'LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP ' +
  'NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK ' +
  'SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA ' +
  'VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
)
  .split(' ')
  .map(code => ({ code, callingCode: code === 'DE' ? '49' : '999' }));

const phone = (name: string, more: Partial<EnrollPhonePage> = {}): Sample => ({
  name: `enroll-phone/${name}`,
  draw: words =>
    pages.enrollPhonePage(
      {
        ...step,
        countries,
        kinds: ['mobile', 'alternate', 'office'],
        by: ['sms', 'spoken', 'call'],
        typed: { country: 'DE' },
        ...more,
      },
      words,
    ),
});
const entryErrors: readonly PhoneEntryError[] = [
  'no-number',
  'no-country',
  'unreadable',
  'extension',
  'type',
  'network',
  'country',
  'no-texts',
  'bound',
];
const typed = { country: 'DE', number: '030 2312 5000', kind: 'office', extension: '421', by: 'sms' };

const scan = (name: string, state: EnrollScanPage['state'], more: Partial<EnrollScanPage> = {}): Sample => ({
  name: `enroll-scan/${name}`,
  draw: words =>
    pages.enrollScanPage(
      {
        ...step,
        uri: 'otpauth://totp/login.contoso.example:ada%40contoso.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=login.contoso.example',
        length: 6,
        state,
        ...more,
      },
      words,
    ),
});

const call = (name: string, state: EnrollCallPage['state'], more: Partial<EnrollCallPage> = {}): Sample => ({
  name: `enroll-call/${name}`,
  draw: words => pages.enrollCallPage({ ...step, sentTo, state, instead: ['sms', 'spoken'], ...more }, words),
});
const calling = (progress: 'starting' | 'ringing' | 'answered'): EnrollCallPage['state'] => ({
  kind: 'calling',
  progress,
  begunAt: now - 20_000,
  until: now + 40_000,
});
const callEnds: readonly CallEndReason[] = [
  'busy',
  'no-answer',
  'unreachable',
  'machine',
  'undeliverable',
  'number-refused',
  'hung-up',
  'expired',
  'send-limit',
  'elsewhere',
  'paused',
  'lost',
];

const text = { by: 'sms', to: sentTo, progress: 'delivered', again: { from: now + 22_000, left: 2 } } as const;
const dictated = { by: 'call', to: sentTo, progress: 'answered' } as const;
const code = (name: string, state: EnrollCodePage['state'], more: Partial<EnrollCodePage> = {}): Sample => ({
  name: `enroll-code/${name}`,
  draw: words =>
    pages.enrollCodePage({ ...backup, length: 6, sent: text, state, instead: ['spoken', 'call'], ...more }, words),
});
const codeEnds: readonly CallEndReason[] = [
  'attempts',
  'expired',
  'undeliverable',
  'number-refused',
  'send-limit',
  'lost',
];

const named = (name: string, more: Partial<EnrollNamePage> = {}): Sample => ({
  name: `enroll-name/${name}`,
  draw: words =>
    pages.enrollNamePage(
      { ...step, kind: 'phone', target: sentTo, label: words.pages.options.phones['mobile'] ?? '', ...more },
      words,
    ),
});

const codes = Array.from({ length: 10 }, (_, i) => `7K3M-Q2XA-9DF${i}-0H5T`);

export const enrollments: readonly Sample[] = [
  choose('first'),
  choose('level', { for: 'level', kinds: ['totp'] }),
  choose('passkey', { for: 'passkey', kinds: ['passkey'], skip: {} }),
  choose('authenticator', { for: 'authenticator', kinds: ['push'], skip: {} }),
  choose('backup-of-a-passkey', { ...backup, for: 'backup', kinds: ['passkey', 'phone'], hasSharedPasskey: true }),
  choose('backup', { ...backup, for: 'backup', skip: { until: now + 14 * 86_400_000 } }),
  {
    name: 'enroll-choose/more',
    draw: words =>
      pages.enrollChoosePage(
        { ...frame, account: 'ada', for: 'more', kinds: ['totp', 'phone', 'other'], skip: {} },
        words,
      ),
  },
  { name: 'enroll-barred/page', draw: words => pages.enrollBarredPage(step, words) },
  phone('empty', { typed: {} }),
  phone('country'),
  phone('one-way', { kinds: ['office'], by: ['call'] }),
  ...entryErrors.map(error => phone(error, { typed, error })),
  phone('hostile', { typed: { ...typed, number: hostile.slice(0, 40) }, error: 'unreadable' }),
  scan('open', { kind: 'open' }),
  scan('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  scan('wrong', { kind: 'wrong', attemptsLeft: 3 }, { typed: '719 024' }),
  scan('attempts', { kind: 'ended', reason: 'attempts' }),
  scan('expired', { kind: 'ended', reason: 'expired' }),
  scan('lost', { kind: 'ended', reason: 'lost' }),
  call('starting', calling('starting')),
  call('ringing', calling('ringing')),
  call('answered', calling('answered')),
  call('extension', calling('answered'), { sentTo: office, extension: '421' }),
  call('number', calling('answered'), { show: '472916' }),
  call('passed', { kind: 'passed' }),
  call('denied', { kind: 'denied', until: now + 86_000_000 }),
  ...callEnds.map(reason => call(reason, ended(reason))),
  code('open', { kind: 'open' }),
  code('again', { kind: 'open' }, { sent: { ...text, again: { from: now, left: 2 } } }),
  code('undelivered', { kind: 'open' }, { sent: { ...text, progress: 'undelivered', because: 'no-texts' } }),
  code('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  code('wrong', { kind: 'wrong', attemptsLeft: 4 }, { typed: '719 024' }),
  code('spoken-ringing', { kind: 'open' }, { sent: { ...dictated, progress: 'ringing' } }),
  code('spoken', { kind: 'open' }, { sent: dictated }),
  code('spoken-over', { kind: 'open' }, { sent: { ...dictated, progress: 'over' } }),
  code('spoken-wrong', { kind: 'wrong', attemptsLeft: 4 }, { typed: '719 024', sent: dictated }),
  ...codeEnds.map(reason => code(reason, ended(reason))),
  ...(['busy', 'silence', 'paused'] as const).map(reason =>
    code(`spoken-${reason}`, ended(reason), { sent: { ...dictated, progress: reached[reason] ?? 'starting' } }),
  ),
  named('phone'),
  named('app', { kind: 'totp', label: 'Authenticator app' }),
  named('wrong', { label: hostile, isWrong: true }),
  { name: 'enroll-codes/make', draw: words => pages.enrollMakeCodesPage(backup, words) },
  {
    name: 'enroll-codes/shown',
    draw: words =>
      pages.enrollCodesPage({ ...step, progress: { at: 3, of: 3 }, codes, service: 'login.contoso.example' }, words),
  },
  {
    name: 'enroll-codes/not-saved',
    draw: words => pages.enrollCodesPage({ ...step, codes, service: 'login.contoso.example', isWrong: true }, words),
  },
];
