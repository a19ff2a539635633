/** Samples of the pages where a person connects a device. */
import * as pages from '../index.ts';
import type { DeviceCodePage, DeviceConfirmPage, DeviceEndPage } from '../props.ts';
import { client, hostile, now, reference, type Sample } from './shared.ts';

const code = (name: string, more: Partial<DeviceCodePage> = {}): Sample => ({
  name: `device/${name}`,
  draw: words => pages.deviceCodePage({ now, reference, ...more }, words),
});
const question = (name: string, more: Partial<DeviceConfirmPage> = {}): Sample => ({
  name: `device/${name}`,
  draw: words =>
    pages.deviceConfirmPage(
      {
        client,
        userCode: 'WDJB-MJHT',
        ticket: 'sealed',
        askedAt: now - 40_000,
        address: '203.0.113.7',
        isNear: true,
        program: 'contoso-cli/2.4.1',
        reference,
        ...more,
      },
      words,
    ),
});
const end = (kind: DeviceEndPage['end']): Sample => ({
  name: `device/${kind}`,
  draw: words => pages.deviceEndPage({ end: kind, client, reference }, words),
});

export const devices: readonly Sample[] = [
  code('code'),
  code('linked', { typed: 'WDJB-MJHT' }),
  code('malformed', { typed: 'WDJB', state: { kind: 'malformed' } }),
  code('wrong', { typed: 'WDJB-MJHT', state: { kind: 'wrong' } }),
  code('elsewhere', { state: { kind: 'elsewhere' } }),
  code('wait', { typed: 'WDJB-MJHT', state: { kind: 'wait', until: now + 400_000 } }),
  question('question'),
  question('question-far', { isNear: false, address: '2001:db8:85a3:8d3:1319:8a2e:370:7348' }),
  question('hostile', { client: { name: hostile } }),
  end('connected'),
  end('refused'),
  end('expired'),
  end('used'),
];
