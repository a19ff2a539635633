/** Records calls, and posts signed callbacks made by hand, as an attacker with access to the carrier could. */
import { isCallChannel, withChannels } from '../../support/carrier/wrap.ts';
import { sign, type Fields } from '../../../simulator/network/signature.ts';
import type { CallMessage, Channel } from '../../../src/ports/carriers.ts';
import type { Resources } from '../../../server/services.ts';
import { untilHeard } from '../../support/world/clock.ts';
import type { World } from '../../support/world/world.ts';

export interface RecordedCall extends CallMessage {
  readonly reference: string;
}

/** Records every call; `wrap` is for `startThreatWorld`. */
export const createCallRecorder = (): {
  readonly sent: RecordedCall[];
  readonly wrap: (resources: Resources) => Resources;
} => {
  const sent: RecordedCall[] = [];
  const noted = (channel: Channel<CallMessage>): Channel<CallMessage> => ({
    ...channel,
    async send(message, signal) {
      const { reference } = await channel.send(message, signal);
      sent.push({ ...message, reference });
      return { reference };
    },
  });
  return {
    sent,
    wrap: resources => withChannels(resources, each => (isCallChannel(each) ? noted(each) : each)),
  };
};

/** Posts the pick-up, hears the question, and posts keys of the call `reference` for the challenge of `token`, signed by the carrier. */
export const postSignedKeys = async (
  world: World,
  call: Pick<RecordedCall, 'token' | 'reference'>,
  keys: string,
): Promise<number> => {
  await postSigned(world, call, 'answered', []);
  world.clock.advance(untilHeard);
  return postSigned(world, call, 'keys?heard=', [['Digits', keys]]);
};

/** Returns the status. */
const postSigned = async (
  world: World,
  { token, reference }: Pick<RecordedCall, 'token' | 'reference'>,
  step: string,
  what: Fields,
): Promise<number> => {
  const { twilio } = world.settings;
  if (twilio === undefined) throw new Error('the world has no carrier');
  const path = `/callbacks/twilio/call/${token}/${step}`;
  const fields: Fields = [
    ['AccountSid', twilio.accountSid],
    ['CallSid', reference],
    ['CallStatus', 'in-progress'],
    ...what,
  ];
  const signature = sign(twilio.authTokens[0], `${twilio.callbackBase.href.replace(/\/$/, '')}${path}`, fields);
  const answer = await fetch(`http://127.0.0.1:${world.place.ports[0] ?? 0}${path}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])),
  });
  return answer.status;
};
