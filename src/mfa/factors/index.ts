/** Lists the factors; of equally strong ones the first is preferred. A new factor is a file in this folder and a line here. */
import type { Factor } from '../factor.ts';
import { isRpId, defaultPolicy, type PasskeyPolicy } from '../passkeys/policy.ts';
import type { Reach } from '../phone-number.ts';
import { createCall } from './call.ts';
import { email } from './email.ts';
import type { DetectionTime } from './phone.ts';
import { createPasskey } from './passkey.ts';
import { defaultPush, pushObstacle, type PushSettings } from '../push/settings.ts';
import { createPush } from './push.ts';
import { recoveryCode } from './recovery-code.ts';
import { createSms } from './sms.ts';
import { createSpoken } from './spoken.ts';
import { temporaryAccessPass } from './temporary-access-pass.ts';
import { totp } from './totp.ts';

/** Settings of the factors. */
export interface FactorSettings {
  /** The answer to a call: `#` alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
  /** The numbers that may be bound. */
  readonly reach?: Reach;
  /** Default: before. */
  readonly machineDetection?: DetectionTime;
  /** Default: `defaultPolicy`, on `localhost`. */
  readonly passkeys?: PasskeyPolicy;
  /** Default: `defaultPush`. */
  readonly push?: Pick<PushSettings, 'digits' | 'unlock'>;
  /** Default: on `localhost`. */
  readonly issuer?: URL;
}

export const factorsFor = ({
  callAnswer,
  reach,
  machineDetection,
  passkeys = defaultPolicy('localhost'),
  push = defaultPush,
  issuer = new URL('http://localhost'),
}: FactorSettings): readonly Factor[] => [
  ...(isRpId(passkeys.rpId) ? [createPasskey(passkeys)] : []),
  ...(pushObstacle(issuer, push.unlock, passkeys.rpId) === undefined
    ? [createPush({ ...push, rpId: passkeys.rpId })]
    : []),
  totp,
  createSms(reach),
  createSpoken(reach, machineDetection),
  createCall(callAnswer, reach, machineDetection),
  email,
  recoveryCode,
  temporaryAccessPass,
];

/** The factors with default settings. */
export const factors: readonly Factor[] = factorsFor({ callAnswer: 'key' });
